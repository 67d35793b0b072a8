"""Users, inhabitants, meters and yearly money of each municipality, and the one planted fault."""

from __future__ import annotations

import random

from demo.levels import (
    CLEANING_FACTORS,
    COOLING_LEVEL,
    COST_LEVELS,
    EVEN_BY_MONTH,
    HEAT_BY_MONTH,
    LEASED_FACTORS,
    LET_OUT_CATEGORIES,
    M2_PER_CHILD,
    M2_PER_PUPIL,
    PLANS,
    PRICE_GROWTH,
    QUANTITY_LEVELS,
    QUANTITY_UNITS,
    USE_FACTORS,
    WHOLE_KRONER,
)
from demo.model import (
    COUNT_YEARS,
    OPERATED,
    YEARS,
    Charge,
    CostUnit,
    Institution,
    Meter,
    Municipality,
    Property,
    stream_of,
)
from demo.names import FUNCTIONS
from demo.tasks import add_tasks, unit_key

# The planted fault: this municipality's cleaning of schools is posted in oere in this year.
FAULT_MUNICIPALITY = "0993"
FAULT_USE = "school"
FAULT_CATEGORY = "C_RENG"
FAULT_YEAR = 2025
FAULT_FACTOR = 100
SHARED = ("0.6", "0.4")
COMMON_COSTS = {"C_OEVR": 400_000_00, "C_FORV": 900_000_00}


def add_economy(municipality: Municipality, seed: int) -> None:
    """Fill in everything that is not brick: inhabitants, institutions, meters, cost units and charges."""
    plan = next(plan for plan in PLANS if plan.code == municipality.code)
    rng = stream_of(seed, municipality.code, "economy")
    operated = [p for p in municipality.properties if p.tenure in OPERATED]
    people = sum(p.area(YEARS[0]) for p in operated) / plan.m2_per_inhabitant
    municipality.inhabitants = {year: round(people * 1.004 ** (year - YEARS[0])) for year in (*COUNT_YEARS, 2026)}
    municipality.institutions = _institutions(municipality, rng)
    municipality.meters = [meter for p in operated for meter in _meters(p, rng)]
    municipality.units = _units(municipality)
    for unit in municipality.units:
        municipality.charges.extend(_charges(municipality, unit, plan.price_level, rng))
    # An account that nobody has mapped, on a cost unit that everybody knows.
    first = municipality.units[0]
    municipality.charges.extend(Charge(first, "C_UMAPPED", year, 12_345_67, 12_345_67) for year in YEARS)
    add_tasks(municipality, rng)


def _institutions(municipality: Municipality, rng: random.Random) -> list[Institution]:
    found: list[Institution] = []
    for use, kind, (low, high) in (("school", "pupils", M2_PER_PUPIL), ("daycare", "children", M2_PER_CHILD)):
        sites = [p for p in municipality.properties if p.use == use]
        # The last school institution uses two properties.
        groups = [[p] for p in sites]
        if use == "school" and len(sites) > 2:
            groups = [*groups[:-2], sites[-2:]]
        for group in groups:
            users = sum(p.area(YEARS[0]) for p in group) / rng.uniform(low, high)
            found.append(
                Institution(
                    number=f"{int(municipality.code)}{len(found) + 1:03d}",
                    name=group[0].name,
                    kind=kind,
                    shares=_share(group, ("1",) if len(group) == 1 else SHARED),
                    counts={year: max(5, round(users * rng.uniform(0.97, 1.03))) for year in COUNT_YEARS},
                )
            )
    return found


def _meters(site: Property, rng: random.Random) -> list[Meter]:
    found = []
    for position, (carrier, level) in enumerate(QUANTITY_LEVELS.items(), start=1):
        yearly = {y: site.area(YEARS[0]) * level * USE_FACTORS[site.use] * rng.uniform(0.93, 1.07) for y in YEARS}
        by_month = HEAT_BY_MONTH if carrier == "varme" else EVEN_BY_MONTH
        monthly = {
            (year, month): round(10 * amount * by_month[month - 1] / 100 * rng.uniform(0.98, 1.02))
            for year, amount in yearly.items()
            for month in range(1, 13)
        }
        found.append(
            Meter(
                number=f"{site.property_no}{position:02d}",
                carrier=carrier,
                unit=QUANTITY_UNITS[carrier],
                property_no=site.property_no,
                building_no=site.buildings[0].number,
                is_linked_by_hand=rng.random() < 0.1,
                monthly=monthly,
            )
        )
    return found


def _share(sites: list[Property], shares: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((site.property_no, share) for site, share in zip(sites, shares, strict=True))


def _units(municipality: Municipality) -> list[CostUnit]:
    """One unit per property, one that two daycares share, one joint unit, and one that no master knows."""
    daycares = [p for p in municipality.properties if p.use == "daycare" and p.tenure == "owned"]
    pair = daycares[-2:]
    units = []
    for number, site in enumerate(municipality.properties, start=1):
        if site in pair[1:]:
            continue
        is_pair = site in pair
        shares = _share(pair, SHARED) if is_pair else _share([site], ("1",))
        key = unit_key(municipality, number)
        name = "Børnehusene, fælles (fiktiv)" if is_pair else site.name
        by_hand = is_pair or number % 2 == 0
        units.append(CostUnit(key, name, FUNCTIONS[site.use], "1", shares, is_linked_by_hand=by_hand))
    units.append(CostUnit(unit_key(municipality, 9001), "Fælles ejendomsudgifter", "02510", "1", ()))
    # Prisme has the function on the line; Opus has it in the PSP master only, which lacks this one.
    function = "02510" if municipality.ledger == "prisme" else ""
    units.append(CostUnit(unit_key(municipality, 9999), "", function, "1", (), is_in_master=False))
    return units


def _charges(municipality: Municipality, unit: CostUnit, price_level: float, rng: random.Random) -> list[Charge]:
    if not unit.is_in_master:
        return [Charge(unit, "C_UMAPPED", year, amount, amount) for year in YEARS for amount in [41_250_55 + year]]
    if not unit.shares:
        size = len(municipality.properties)
        joint = {category: amount * size // 100 for category, amount in COMMON_COSTS.items()}
        return [Charge(unit, category, year, oere, oere) for year in YEARS for category, oere in joint.items()]
    sites = [municipality.property(number) for number, _ in unit.shares]
    quality = price_level * rng.uniform(0.88, 1.12)
    charges = []
    for category in _categories(sites[0], rng):
        for year in YEARS:
            kroner = sum(_level(site, category) * site.area(YEARS[0]) for site in sites)
            growth = (1 + PRICE_GROWTH) ** (year - YEARS[0])
            intended = round(100 * kroner * quality * growth * rng.uniform(0.95, 1.05))
            intended = 100 * round(intended / 100) if category in WHOLE_KRONER else intended
            if intended:
                posted = intended * _fault(municipality, sites[0], category, year)
                charges.append(Charge(unit, category, year, posted, intended))
    return charges


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
