"""The truth about the fictional world, for tests to hold the warehouse against. Nothing here reads a written file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from demo.charges import FAULT_CATEGORY, FAULT_FACTOR, FAULT_MUNICIPALITY, FAULT_USE, FAULT_YEAR
from demo.facts import Accepted, Cost, Figure, Measured
from demo.figures import DEFINITIONS, FAULT_TOPIC, sums_fault, work_out
from demo.files.written import Written
from demo.measured.amounts import Amounts, as_decimal
from demo.measured.costs import as_kroner, sum_accepted, sum_costs
from demo.measured.everything import all_measures, by_use
from demo.model import YEARS, Municipality


@dataclass(frozen=True)
class Truth:
    """Everything that should come out, and what was planted."""

    seed: int
    scale: float
    years: tuple[int, ...]
    measures: list[Measured]
    costs: list[Cost]
    accepted: list[Accepted]
    figures: list[Figure]
    properties: dict[str, int]
    buildings: dict[str, int]
    buildings_without_area: dict[str, int]
    deliveries: list[Written]
    defects: dict[str, int]
    fault: dict[str, Any]

    def write(self, path: Path) -> None:
        """Write as JSON; decimals become strings."""
        # Without indentation the encoder in C does the work; one fact per line keeps the file readable.
        parts = [f"{json.dumps(name)}: {_as_json(value)}" for name, value in vars(self).items()]
        path.write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


def _as_json(value: Any) -> str:
    encode = json.JSONEncoder(ensure_ascii=False, default=str).encode
    if isinstance(value, list):
        return "[\n" + ",\n".join(encode(vars(item)) for item in value) + "]"
    return encode(value)


FAULT = {
    "municipality_code": FAULT_MUNICIPALITY,
    "topic": FAULT_TOPIC,
    "use_category": FAULT_USE,
    "measure_code": FAULT_CATEGORY,
    "year": FAULT_YEAR,
    "factor": FAULT_FACTOR,
}


def tell_truth(
    municipalities: list[Municipality], seed: int, scale: float, deliveries: list[Written], defects: dict[str, int]
) -> Truth:
    """Sum the model up."""
    pairs = [(municipality, year) for municipality in municipalities for year in YEARS]
    amounts = {(m.code, year): all_measures(m, year) for m, year in pairs}
    return Truth(
        seed=seed,
        scale=scale,
        years=YEARS,
        measures=[measured for key, sums in amounts.items() for measured in _measures(*key, sums)],
        costs=[cost for m, year in pairs for cost in _costs(m, year)],
        accepted=[accepted for m, year in pairs for accepted in _accepted(m, year)],
        figures=[figure for m, year in pairs for figure in _figures(m.code, year, amounts[m.code, year])],
        properties={m.code: len(m.properties) for m in municipalities},
        buildings={m.code: sum(len(p.buildings) for p in m.properties) for m in municipalities},
        buildings_without_area={m.code: _unknown(m) for m in municipalities},
        deliveries=deliveries,
        defects=defects,
        fault=FAULT,
    )


def _measures(code: str, year: int, amounts: Amounts) -> list[Measured]:
    return [
        Measured(code, year, key.property_no or None, *key[1:], as_decimal(amount)) for key, amount in amounts.items()
    ]


def _costs(municipality: Municipality, year: int) -> list[Cost]:
    places = {p.property_no: (p.use, p.tenure) for p in municipality.properties} | {"": ("none", "none")}
    return [
        Cost(municipality.code, year, number or None, *places[number], category, as_kroner(posted), as_kroner(meant))
        for (number, category), (posted, meant) in sum_costs(municipality, year).items()
    ]


def _accepted(municipality: Municipality, year: int) -> list[Accepted]:
    unmapped: dict[str, Decimal] = {}
    for charge in municipality.charges:
        if charge.year == year and charge.category == "C_UMAPPED":
            function = charge.unit.function
            unmapped[function] = unmapped.get(function, Decimal(0)) + Decimal(charge.posted) / 100
    return [
        Accepted(municipality.code, year, function, dkk, unmapped.get(function, Decimal(0)))
        for function, dkk in sum_accepted(municipality, year).items()
    ]


def _figures(code: str, year: int, amounts: Amounts) -> list[Figure]:
    measures = by_use(amounts)
    figures = []
    for key_figure, definition in DEFINITIONS.items():
        numerator, denominator, missing = work_out(definition, measures)
        parts = as_decimal(numerator), as_decimal(denominator)
        value = None if missing else as_decimal(definition.scale * numerator / denominator)
        fate = _fate(code, year, key_figure, missing)
        figures.append(Figure(code, year, key_figure, *parts, value, fate, missing))
    return figures


def _fate(code: str, year: int, key_figure: str, missing: tuple[str, ...]) -> str:
    definition = DEFINITIONS[key_figure]
    is_faulty = (code, year) == (FAULT_MUNICIPALITY, FAULT_YEAR)
    if is_faulty and definition.topic == FAULT_TOPIC:
        return "held"
    if missing or not is_faulty:
        return "missing" if missing else "published"
    return "withheld" if sums_fault(definition, FAULT_CATEGORY, FAULT_USE) else "published"


def _unknown(municipality: Municipality) -> int:
    return sum(b.operating_area(p.tenure) is None for p in municipality.properties for b in p.buildings)
