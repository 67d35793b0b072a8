"""Yearly money of each municipality on the cost units of its properties, and the one planted fault."""

from __future__ import annotations

import random
from collections.abc import Iterator

from demo.days import held_share
from demo.levels import (
    CLEANING_FACTORS,
    COOLING_LEVEL,
    COST_LEVELS,
    LEASED_FACTORS,
    LET_OUT_CATEGORIES,
    MAINTENANCE_PARTS,
    PRICE_GROWTH,
    USE_FACTORS,
    WHOLE_KRONER,
)
from demo.model import YEARS, Charge, CostUnit, Municipality, Property
from demo.names import FUNCTIONS
from demo.tasks import unit_key

# The planted fault: this municipality's cleaning of schools is posted in oere in this year.
FAULT_MUNICIPALITY = "0993"
FAULT_USE = "school"
FAULT_CATEGORY = "C_RENG"
FAULT_YEAR = 2025
FAULT_FACTOR = 100
SHARED = ("0.6", "0.4")
COMMON_COSTS = {"C_OEVR": 400_000_00, "C_FORV": 900_000_00}
JOINT, RULED, UNKNOWN = 9001, 9002, 9999
# A rule of this municipality says which properties these postings belong to, and in which shares: two schools.
RULED_MUNICIPALITY, RULED_SHARES = "0991", ("0.7", "0.3")
# This municipality shares administration out by a key that it keeps itself; by its first three properties.
STORED_KEY_MUNICIPALITY, STORED_KEY = "0991", ("0.5", "0.3", "0.2")
RULED_OERE = 84_000_00


def share_out(sites: list[Property], shares: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Property numbers with their shares."""
    return tuple((site.property_no, share) for site, share in zip(sites, shares, strict=True))


def stored_key(municipality: Municipality) -> tuple[tuple[str, str], ...]:
    """Property numbers and shares of the municipality's own split key; none where it has none."""
    has_key = municipality.code == STORED_KEY_MUNICIPALITY
    return share_out(municipality.properties[:3], STORED_KEY) if has_key else ()


def add_property_costs(municipality: Municipality, price_level: float, rng: random.Random) -> None:
    """Add the cost units of the municipality's properties and what is charged on them."""
    municipality.units = _units(municipality)
    for unit in municipality.units:
        municipality.charges.extend(_charges(municipality, unit, price_level, rng))
    # An account that nobody has mapped, on a cost unit that everybody knows.
    first = municipality.units[0]
    municipality.charges.extend(Charge(first, "C_UMAPPED", year, 12_345_67, 12_345_67) for year in YEARS)


def _units(municipality: Municipality) -> list[CostUnit]:
    """One unit per property, one that two daycares share, one joint unit, and one that no master knows."""
    daycares = [p for p in municipality.properties if p.use == "daycare" and p.tenure == "owned"]
    pair = daycares[-2:]
    units = []
    for number, site in enumerate(municipality.properties, start=1):
        if site in pair[1:]:
            continue
        is_pair = site in pair
        shares = share_out(pair, SHARED) if is_pair else share_out([site], ("1",))
        key = unit_key(municipality, number)
        name = "Børnehusene, fælles (fiktiv)" if is_pair else site.name
        by_hand = is_pair or number % 2 == 0
        units.append(CostUnit(key, name, FUNCTIONS[site.use], "1", shares, is_linked_by_hand=by_hand))
    units.append(CostUnit(unit_key(municipality, JOINT), "Fælles ejendomsudgifter", "02510", "1", ()))
    if municipality.code == RULED_MUNICIPALITY:
        shares = share_out(municipality.properties[:2], RULED_SHARES)
        units.append(CostUnit(unit_key(municipality, RULED), "Skolens boldbaner (fiktiv)", "32201", "1", shares,
                              is_tied_by_rule=True))  # fmt: skip
    # Prisme has the function on the line; Opus has it in the PSP master only, which lacks this one.
    function = "02510" if municipality.ledger == "prisme" else ""
    units.append(CostUnit(unit_key(municipality, UNKNOWN), "", function, "1", (), is_in_master=False))
    return units


def _charges(municipality: Municipality, unit: CostUnit, price_level: float, rng: random.Random) -> Iterator[Charge]:
    if unit.is_tied_by_rule:
        yield from (Charge(unit, "C_TERRAEN", year, RULED_OERE, RULED_OERE) for year in YEARS)
    elif not unit.is_in_master:
        yield from (Charge(unit, "C_UMAPPED", year, 41_250_55 + year, 41_250_55 + year) for year in YEARS)
    elif not unit.shares:
        size = len(municipality.properties)
        joint = {category: amount * size // 100 for category, amount in COMMON_COSTS.items()}
        yield from (Charge(unit, category, year, oere, oere) for year in YEARS for category, oere in joint.items())
    else:
        sites = [municipality.property(number) for number, _ in unit.shares]
        quality = price_level * rng.uniform(0.88, 1.12)
        for category in _categories(sites[0], rng):
            for year in YEARS:
                intended = _intended(sites, category, year, quality, rng)
                factor = _fault(municipality, sites[0], category, year)
                for part, oere in _parts(category, intended).items():
                    yield Charge(unit, category, year, oere * factor, oere, part)


def _intended(sites: list[Property], category: str, year: int, quality: float, rng: random.Random) -> int:
    kroner = sum(_level(site, category) * site.area(YEARS[0]) * float(held_share(site, year)) for site in sites)
    growth = (1 + PRICE_GROWTH) ** (year - YEARS[0])
    oere = round(100 * kroner * quality * growth * rng.uniform(0.95, 1.05))
    return 100 * round(oere / 100) if category in WHOLE_KRONER else oere


def _parts(category: str, oere: int) -> dict[str, int]:
    """The amount by part of the building, to the oere; what is nothing is left out."""
    percentages = MAINTENANCE_PARTS.get(category, {"": 100})
    parts = {part: oere * percentage // 100 for part, percentage in percentages.items()}
    last = next(reversed(parts))
    parts[last] += oere - sum(parts.values())
    return {part: amount for part, amount in parts.items() if amount}


def _categories(site: Property, rng: random.Random) -> list[str]:
    if site.tenure == "let_out":
        return [c for c in COST_LEVELS if c in LET_OUT_CATEGORIES]
    rents = {"C_LEJE"} if site.tenure == "leased" else set()
    found = [c for c in COST_LEVELS if not c.endswith("LEJE") or c in rents]
    if site.use in ("administration", "health_social") and rng.random() < 0.4:
        found.append("C_KOEL")
    return found


def _level(site: Property, category: str) -> float:
    level = COST_LEVELS.get(category, COOLING_LEVEL) * USE_FACTORS[site.use]
    if category == "C_RENG":
        level *= CLEANING_FACTORS.get(site.use, 1.03)
    if site.tenure == "leased":
        level *= LEASED_FACTORS.get(category, 1.0)
    return level


def _fault(municipality: Municipality, site: Property, category: str, year: int) -> int:
    planted = (FAULT_MUNICIPALITY, FAULT_USE, FAULT_CATEGORY, FAULT_YEAR)
    return FAULT_FACTOR if (municipality.code, site.use, category, year) == planted else 1
