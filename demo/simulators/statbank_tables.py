"""Tables of the StatBank simulator: FOLK1A from inhabitants per area and quarter, others as a file lists them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

UPDATED = "2026-02-11T08:00:00"
POPULATION = "FOLK1A"
# How a population splits; the parts of each total sum to it.
SEXES = {"1": ("Mænd", 497), "2": ("Kvinder", 503)}
MARITAL = {"U": ("Ugift", 490), "G": ("Gift/separeret", 370), "E": ("Enke/enkemand", 50), "F": ("Fraskilt", 90)}
AGES = {str(age): (f"{age} år", 12 if age < 70 else 5) for age in range(100)}
TOTALS = {"KØN": ("TOT", "I alt"), "ALDER": ("IALT", "Alder i alt"), "CIVILSTAND": ("TOT", "I alt")}
SPLITS: dict[str, Mapping[str, tuple[str, int]]] = {"KØN": SEXES, "ALDER": AGES, "CIVILSTAND": MARITAL}


@dataclass(frozen=True)
class SimulatedTable:
    """One table. `values` holds each variable's codes and texts, time last; `cell` is None where there is nothing."""

    table_id: str
    text: str
    unit: str
    updated: str
    is_active: bool
    subject: str
    values: Mapping[str, Mapping[str, str]]
    totals: Mapping[str, str]  # variables that may be left out, with the code that stands for all
    cell: Callable[[tuple[str, ...]], str | None]

    def describe(self) -> dict[str, Any]:
        """The answer of `tableinfo`."""
        variables = [
            {
                "id": name,
                "text": name.lower(),
                "elimination": name in self.totals,
                "time": name == "Tid",
                "values": [{"id": code, "text": text} for code, text in values.items()],
            }
            for name, values in self.values.items()
        ]
        return {
            "id": self.table_id, "text": f"{self.text} (fiktiv)",
            "description": f"{self.text} efter {', '.join(name.lower() for name in self.values)}",
            "unit": self.unit, "suppressedDataValue": "0", "updated": self.updated, "active": self.is_active,
            "contacts": [], "documentation": None, "footnote": None, "variables": variables,
        }  # fmt: skip

    def list(self) -> dict[str, Any]:
        """One entry of the answer of `tables`."""
        periods = [*self.values["Tid"]]
        return {
            "id": self.table_id, "text": self.text, "unit": self.unit, "updated": self.updated,
            "firstPeriod": periods[0], "latestPeriod": periods[-1], "active": self.is_active,
            "variables": [name.lower() for name in self.values],
        }  # fmt: skip


def read_tables(folder: Path) -> dict[str, SimulatedTable]:
    """FOLK1A of `folk1a.json`, and what `tables.json` lists, where there is such a file."""
    tables = []
    if (folder / "folk1a.json").exists():
        tables.append(_population(json.loads((folder / "folk1a.json").read_text(encoding="utf-8"))))
    if (folder / "tables.json").exists():
        tables += [_listed(given) for given in json.loads((folder / "tables.json").read_text(encoding="utf-8"))]
    return {table.table_id: table for table in tables}


def _listed(given: dict[str, Any]) -> SimulatedTable:
    """`values`: variable -> code -> text; `cells`: codes joined by commas -> what StatBank writes, where anything."""
    cells: dict[str, str] = given["cells"]
    return SimulatedTable(
        given["id"], given.get("text", given["id"]), given.get("unit", "-"), given.get("updated", UPDATED),
        given.get("active", True), given.get("subject", "Offentlig økonomi"), given["values"], given.get("totals", {}),
        lambda codes: cells.get(",".join(codes)),
    )  # fmt: skip


def _population(people: dict[str, dict[str, int]]) -> SimulatedTable:
    periods = next(iter(people.values()))
    splits = {
        name: {TOTALS[name][0]: TOTALS[name][1]} | {code: label for code, (label, _) in split.items()}
        for name, split in SPLITS.items()
    }
    values = {"OMRÅDE": {code: _area_name(code) for code in people}, **splits, "Tid": {one: one for one in periods}}

    def count(codes: tuple[str, ...]) -> str:
        area, sex, age, marital, period = codes
        part = people[area][period]
        for name, code in (("KØN", sex), ("ALDER", age), ("CIVILSTAND", marital)):
            part = _part(part, SPLITS[name], code)
        return str(part)

    totals = {"OMRÅDE": "000"} | {name: code for name, (code, _) in TOTALS.items()}
    text = "Befolkningen den 1. i kvartalet"
    return SimulatedTable(POPULATION, text, "Antal", UPDATED, True, "Befolkning", values, totals, count)


def _part(total: int, split: Mapping[str, tuple[str, int]], code: str) -> int:
    """The share of one value; the shares of all values sum to the total. A code outside the split is the total."""
    if code not in split:
        return total
    whole = sum(weight for _, weight in split.values())
    before = 0
    for known, (_, weight) in split.items():
        if known == code:
            return total * (before + weight) // whole - total * before // whole
        before += weight
    return 0


def _area_name(code: str) -> str:
    names = {"000": "Hele landet", "910": "Hovedstadskommuner", "991": "Eksempelby", "992": "Prøvekøbing"}
    return names.get(code, "Øvelsesborg")
