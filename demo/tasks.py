"""Money that is no property cost: teaching, care, roads, income and construction, on cost units without a property."""

from __future__ import annotations

import random

from demo.model import YEARS, Charge, CostUnit, Municipality

CONSTRUCTION = "3"
# Name, function, DKK per inhabitant and year. Income is negative.
TASKS = (
    ("Undervisning (fiktiv)", "32201", 11_000),
    ("Pædagogisk arbejde (fiktiv)", "52514", 6_500),
    ("Plejepersonale (fiktiv)", "53027", 9_000),
    ("Forvaltning (fiktiv)", "64551", 4_200),
    ("Veje (fiktiv)", "22211", 1_100),
    ("Biblioteksdrift (fiktiv)", "33250", 420),
    ("Tilskud til fritid (fiktiv)", "33573", 260),
    ("Forældrebetaling (fiktiv)", "52510", -1_300),
)
INCOME_FUNCTION = "52510"
CONSTRUCTION_NAME = "Ombygning, anlæg (fiktiv)"
CONSTRUCTION_FUNCTION = "32201"
CONSTRUCTION_PER_INHABITANT = 800


def unit_key(municipality: Municipality, number: int, prefix: str = "XG") -> str:
    """A PSP element (Opus; XA is construction) or a carrier of ten characters (Prisme)."""
    if municipality.ledger == "opus":
        return f"{prefix}-{int(municipality.code):06d}{number:04d}-00001"
    return f"B{int(municipality.code)}{number:06d}"


def add_tasks(municipality: Municipality, rng: random.Random) -> None:
    """Add the cost units of the municipality's tasks and their yearly charges."""
    for number, (name, function, level) in enumerate(TASKS, start=8001):
        unit = CostUnit(unit_key(municipality, number), name, function, "1", ())
        _add(municipality, unit, level, rng)
    key = unit_key(municipality, 8900, prefix="XA")
    construction = CostUnit(key, CONSTRUCTION_NAME, CONSTRUCTION_FUNCTION, CONSTRUCTION, ())
    _add(municipality, construction, CONSTRUCTION_PER_INHABITANT, rng)


def _add(municipality: Municipality, unit: CostUnit, level: int, rng: random.Random) -> None:
    municipality.units.append(unit)
    for year in YEARS:
        oere = round(100 * level * municipality.inhabitants[year] * rng.uniform(0.98, 1.02))
        municipality.charges.append(Charge(unit, "C_IKKE", year, oere, oere))
