"""Money that is no property cost: teaching, care, roads, income and construction, on cost units without a property."""

from __future__ import annotations

import random

from demo.levels import INVESTMENT_LEVEL
from demo.model import YEARS, Charge, CostUnit, Municipality
from demo.names import FUNCTIONS

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
# Investment that no single property has, and investment that is no property. DKK per inhabitant and year.
CONSTRUCTION_UNITS = (
    ("Ombygning, anlæg (fiktiv)", "02510", 300, "C_ANLAEG"),
    ("Vejanlæg (fiktiv)", "22211", 500, "C_IKKE"),
)
# One owned property in four is being rebuilt; every second of these projects reduces the backlog: numbers from 8600.
BACKLOG, BACKLOG_UNITS, OTHER_UNITS = "backlog", 8600, 8700


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
    for number, (name, function, level, category) in enumerate(CONSTRUCTION_UNITS, start=8901):
        unit = CostUnit(unit_key(municipality, number, "XA"), name, function, CONSTRUCTION, ())
        _add(municipality, unit, level, rng, category)
    rebuilt = [p for p in municipality.properties if p.tenure == "owned" and int(p.property_no) % 4 == 0]
    for position, site in enumerate(rebuilt):
        number = (OTHER_UNITS if position % 2 else BACKLOG_UNITS) + position // 2
        key, shares = unit_key(municipality, number, "XA"), ((site.property_no, "1"),)
        unit = CostUnit(key, f"{site.name}, anlæg (fiktiv)", FUNCTIONS[site.use], CONSTRUCTION, shares)
        per_inhabitant = INVESTMENT_LEVEL * site.area(YEARS[0]) / municipality.inhabitants[YEARS[0]]
        _add(municipality, unit, per_inhabitant, rng, "C_ANLAEG", "" if position % 2 else BACKLOG)


def _add(
    municipality: Municipality,
    unit: CostUnit,
    level: float,
    rng: random.Random,
    category: str = "C_IKKE",
    part: str = "",
) -> None:
    municipality.units.append(unit)
    for year in YEARS:
        oere = round(100 * level * municipality.inhabitants[year] * rng.uniform(0.98, 1.02))
        municipality.charges.append(Charge(unit, category, year, oere, oere, part))
