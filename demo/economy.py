"""Inhabitants, institutions and meters of each municipality; with its money, everything that is not brick."""

from __future__ import annotations

import random

from demo.charges import SHARED, add_property_costs, share_out
from demo.levels import (
    COOLING_QUANTITY,
    EVEN_BY_MONTH,
    HEAT_BY_MONTH,
    M2_PER_CHILD,
    M2_PER_PUPIL,
    OWN_BY_MONTH,
    OWN_QUANTITY,
    PLANS,
    QUANTITY_LEVELS,
    QUANTITY_UNITS,
    USE_FACTORS,
)
from demo.model import COUNT_YEARS, OPERATED, YEARS, Institution, Meter, Municipality, Property, stream_of
from demo.tasks import add_tasks

STOPPED_MONTHS = ((2023, 10), (2023, 11), (2023, 12))
BY_MONTH = {"varme": HEAT_BY_MONTH, "el_egen": OWN_BY_MONTH}


def add_economy(municipality: Municipality, seed: int) -> None:
    """Fill in everything that is not brick: inhabitants, institutions, meters, cost units and charges."""
    plan = next(plan for plan in PLANS if plan.code == municipality.code)
    rng = stream_of(seed, municipality.code, "economy")
    operated = [p for p in municipality.properties if p.tenure in OPERATED]
    people = sum(p.area(YEARS[0]) for p in operated) / plan.m2_per_inhabitant
    municipality.inhabitants = {year: round(people * 1.004 ** (year - YEARS[0])) for year in (*COUNT_YEARS, 2026)}
    municipality.institutions = _institutions(municipality, rng)
    municipality.meters = [meter for p in operated for meter in _meters(p, rng)]
    add_property_costs(municipality, plan.price_level, rng)
    add_tasks(municipality, rng)
    municipality.meters += _further_meters(municipality, stream_of(seed, municipality.code, "further meters"))


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
                    shares=share_out(group, ("1",) if len(group) == 1 else SHARED),
                    counts={year: max(5, round(users * rng.uniform(0.97, 1.03))) for year in COUNT_YEARS},
                )
            )
    return found


def _meters(site: Property, rng: random.Random) -> list[Meter]:
    return [
        _meter(site, position, carrier, site.area(YEARS[0]) * level * USE_FACTORS[site.use], rng)
        for position, (carrier, level) in enumerate(QUANTITY_LEVELS.items(), start=1)
    ]


def _further_meters(municipality: Municipality, rng: random.Random) -> list[Meter]:
    """Cooling where it is paid for; solar cells on some schools and sports halls, where the ledger knows nothing."""
    cooled = {number for c in municipality.charges if c.category == "C_KOEL" for number, _ in c.unit.shares}
    found = []
    for site in municipality.properties:
        if site.property_no in cooled:
            found.append(_meter(site, 4, "koel", site.area(YEARS[0]) * COOLING_QUANTITY, rng))
        if site.use in ("school", "sports") and site.tenure == "owned" and int(site.property_no) % 3 == 1:
            found.append(_meter(site, 5, "el_egen", site.area(YEARS[0]) * OWN_QUANTITY, rng))
    return found


def _stops(site: Property, carrier: str) -> bool:
    """Whether the meter stopped for a while: some of the electricity meters of owned properties did."""
    return carrier == "el" and site.tenure == "owned" and int(site.property_no) % 13 == 5


def _meter(site: Property, position: int, carrier: str, yearly: float, rng: random.Random) -> Meter:
    """A meter with its readings; before the property is taken over there are none."""
    by_year = {year: yearly * rng.uniform(0.93, 1.07) for year in YEARS}
    by_month = BY_MONTH.get(carrier, EVEN_BY_MONTH)
    since = (site.held_from.year, site.held_from.month) if site.held_from else (0, 0)
    return Meter(
        number=f"{site.property_no}{position:02d}",
        carrier=carrier,
        unit=QUANTITY_UNITS[carrier],
        property_no=site.property_no,
        # Of a property with several buildings the meter is of one of them, or of all.
        building_no=None if len(site.buildings) > 1 and int(site.property_no) % 4 else site.buildings[0].number,
        is_linked_by_hand=rng.random() < 0.1,
        monthly={
            (year, month): round(10 * amount * by_month[month - 1] / 100 * rng.uniform(0.98, 1.02))
            for year, amount in by_year.items()
            for month in range(1, 13)
            if (year, month) >= since and not ((year, month) in STOPPED_MONTHS and _stops(site, carrier))
        },
    )
