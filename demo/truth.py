"""The truth about the fictional world, for tests to hold the warehouse against. Nothing here reads a written file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from demo.economy import FAULT_CATEGORY, FAULT_FACTOR, FAULT_MUNICIPALITY, FAULT_USE, FAULT_YEAR
from demo.facts import Accepted, Area, Cost, Figure, Quantity, Users
from demo.figures import DEFINITIONS, FAULT_TOPIC, sums_fault, work_out
from demo.files.written import Written
from demo.measures import Amounts, by_use, sum_accepted, sum_areas, sum_costs, sum_quantities, sum_users
from demo.model import YEARS, Municipality


@dataclass(frozen=True)
class Truth:
    """Everything that should come out, and what was planted."""

    seed: int
    scale: float
    years: tuple[int, ...]
    areas: list[Area]
    costs: list[Cost]
    quantities: list[Quantity]
    users: list[Users]
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
    return Truth(
        seed=seed,
        scale=scale,
        years=YEARS,
        areas=[area for m, year in pairs for area in _areas(m, year)],
        costs=[cost for m, year in pairs for cost in _costs(m, year)],
        quantities=[
            Quantity(m.code, year, number, measure, amount)
            for m, year in pairs
            for (number, measure), amount in sum_quantities(m, year).items()
        ],
        users=[users for m, year in pairs for users in _users(m, year)],
        accepted=[accepted for m, year in pairs for accepted in _accepted(m, year)],
        figures=[figure for m, year in pairs for figure in _figures(m, year)],
        properties={m.code: len(m.properties) for m in municipalities},
        buildings={m.code: sum(len(p.buildings) for p in m.properties) for m in municipalities},
        buildings_without_area={m.code: _unknown(m) for m in municipalities},
        deliveries=deliveries,
        defects=defects,
        fault=FAULT,
    )


def _areas(municipality: Municipality, year: int) -> list[Area]:
    found = sum_areas(municipality, year).items()
    return [Area(municipality.code, year, use, tenure, measure, m2) for (measure, use, tenure), m2 in found]


def _costs(municipality: Municipality, year: int) -> list[Cost]:
    places = {p.property_no: (p.use, p.tenure) for p in municipality.properties} | {"": ("none", "none")}
    return [
        Cost(municipality.code, year, number or None, *places[number], category, posted, intended)
        for (number, category), (posted, intended) in sum_costs(municipality, year).items()
    ]


def _users(municipality: Municipality, year: int) -> list[Users]:
    totals: dict[str, Decimal] = {}
    for (measure, _, _), amount in sum_users(municipality, year).items():
        totals[measure] = totals.get(measure, Decimal(0)) + amount
    return [Users(municipality.code, year, measure, amount) for measure, amount in totals.items()]


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


def all_measures(municipality: Municipality, year: int) -> Amounts:
    """Every measure per use category and tenure, money as posted."""
    uses = {p.property_no: (p.use, p.tenure) for p in municipality.properties}
    found = sum_areas(municipality, year) | by_use(municipality, sum_costs(municipality, year), 0)
    for (number, measure), amount in sum_quantities(municipality, year).items():
        found[measure, *uses[number]] = found.get((measure, *uses[number]), Decimal(0)) + amount
    return found | sum_users(municipality, year)


def _figures(municipality: Municipality, year: int) -> list[Figure]:
    measures = all_measures(municipality, year)
    figures = []
    for code, definition in DEFINITIONS.items():
        numerator, denominator = work_out(definition, measures)
        value = definition.scale * numerator / denominator
        fate = _fate(municipality.code, year, code)
        figures.append(Figure(municipality.code, year, code, numerator, denominator, value, fate))
    return figures


def _fate(code: str, year: int, key_figure: str) -> str:
    if (code, year) != (FAULT_MUNICIPALITY, FAULT_YEAR):
        return "published"
    definition = DEFINITIONS[key_figure]
    if definition.topic == FAULT_TOPIC:
        return "held"
    return "withheld" if sums_fault(definition, FAULT_CATEGORY, FAULT_USE) else "published"


def _unknown(municipality: Municipality) -> int:
    return sum(b.operating_area(p.tenure) is None for p in municipality.properties for b in p.buildings)
