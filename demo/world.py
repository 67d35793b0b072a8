"""Builds the properties and buildings of each municipality from a seed."""

from __future__ import annotations

import random
import uuid
from dataclasses import replace
from datetime import date

from demo.levels import CLEANING_FACTORS, PLANS, SIZES, USE_SHARES, Plan, Size
from demo.model import OPERATED, USES, YEARS, Building, Municipality, Property, stream_of
from demo.names import BBR_USES, KIND_NAMES, PLACES, STREETS

# At most this share of the operated area lacks a heated, or a cleaned, area: coverage has to stay above 90 %.
UNKNOWN_SHARE = 0.025
FEWEST_PROPERTIES = 14
FEWEST_PRIVATE_BUILDINGS = 400
# This municipality took over leased premises in the middle of a year.
TAKING_OVER, TAKEN_OVER_ON = "0992", date(2024, 7, 1)
FORGETTABLE = ("health_social", "technical", "other")
LEASABLE = ("daycare", "administration", "health_social", "culture")


def build_municipalities(seed: int, scale: float) -> list[Municipality]:
    """The three municipalities with properties and buildings; users, money and energy come later."""
    return [_build_municipality(plan, seed, scale) for plan in PLANS]


def new_uuid(rng: random.Random) -> str:
    """A random UUID in lower case."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _build_municipality(plan: Plan, seed: int, scale: float) -> Municipality:
    rng = stream_of(seed, plan.code, "properties")
    uses = _uses(max(FEWEST_PROPERTIES, round(plan.properties * scale)))
    properties = [_build_property(plan, rng, number, use) for number, use in enumerate(uses, start=1)]
    properties = _forget_some_areas(rng, _plant_oddities(rng, properties))
    if plan.code == TAKING_OVER:
        properties = _take_over(properties)
    return Municipality(
        code=plan.code,
        name=plan.name,
        fm_system=plan.fm_system,
        ledger=plan.ledger,
        properties=properties,
        private_buildings=max(FEWEST_PRIVATE_BUILDINGS, round(plan.private_buildings * scale)),
        other_postings=max(120, round(plan.other_postings_a_month * scale)),
    )


def _uses(count: int) -> list[str]:
    """So many uses in their usual proportions, each at least once and daycare at least four times."""
    floor = {use: 4 if use == "daycare" else 1 for use in USES}
    uses = [use for use in USES for _ in range(max(floor[use], round(USE_SHARES[use] * count)))]
    return uses[:count] if len(uses) >= count else uses + ["daycare"] * (count - len(uses))


def _build_property(plan: Plan, rng: random.Random, number: int, use: str) -> Property:
    place = PLACES[number % len(PLACES)]
    size = SIZES[use]
    # One operated property in twelve or so is leased; housing is let out.
    tenure = "let_out" if use == "housing" else "owned"
    if use in LEASABLE and number % 6 == 0:
        tenure = "leased"
    areas = _split_area(rng, rng.randint(size.low, size.high), size)
    buildings = tuple(_build_building(plan, rng, use, tenure, no, area) for no, area in enumerate(areas, start=1))
    return Property(
        property_no=str(int(plan.code) * 1000 + number),
        bfe_no=str(int(plan.code) * 100_000 + number),
        name=f"{KIND_NAMES[use]} i {place} {number}",
        address=f"{STREETS[number % len(STREETS)]} {number}, {place}",
        use=use,
        tenure=tenure,
        buildings=buildings,
    )


def _split_area(rng: random.Random, total: int, size: Size) -> list[int]:
    parts = rng.randint(size.fewest, size.most)
    weights = [rng.uniform(0.5, 1.5) * (2 if index == 0 else 1) for index in range(parts)]
    return [max(40, round(total * weight / sum(weights))) for weight in weights]


def _build_building(plan: Plan, rng: random.Random, use: str, tenure: str, number: int, area: int) -> Building:
    attic = rng.randint(20, max(21, area // 8)) if rng.random() < 0.12 else 0
    basement = rng.randint(20, max(21, area // 6)) if rng.random() < 0.2 else 0
    total = area + attic + basement
    # The FM system's own measure differs a little from BBR's; of leased premises only a part may be rented.
    fm_area = total if tenure == "let_out" else round(total * rng.uniform(0.94, 1.05))
    fm_bda = round(total * rng.uniform(0.8, 0.97)) if tenure == "leased" and plan.fm_system == "dalux" else fm_area
    used = fm_bda if tenure == "leased" else total
    return Building(
        number=number,
        bbr_id=new_uuid(rng),
        use_code=rng.choice(BBR_USES[use]),
        built_year=None if rng.random() < 0.05 else rng.randint(1905, 2021),
        bbr_area=area,
        attic=attic,
        basement=basement,
        floors=1 if area < 900 else rng.randint(1, 3),
        fm_area=fm_area,
        fm_bda=fm_bda,
        heated=round(used * rng.uniform(0.9, 0.98)),
        cleaned=round(used * rng.uniform(0.82, 0.93) * CLEANING_FACTORS.get(use, 1.0)),
        fm_knows_bbr_id=rng.random() < plan.fm_bbr_id_share,
    )


def _plant_oddities(rng: random.Random, properties: list[Property]) -> list[Property]:
    """A school and a daycare that grew, buildings BBR lacks, foreign ground, missing uses and a leased school."""
    planted = list(properties)
    schools = [i for i, p in enumerate(planted) if p.use == "school" and p.tenure == "owned"]
    daycares = [i for i, p in enumerate(planted) if p.use == "daycare" and p.tenure == "owned"]
    planted[schools[0]] = _add_building(rng, planted[schools[0]], area=240, built_year=YEARS[2])
    planted[daycares[0]] = _add_building(rng, planted[daycares[0]], area=60, built_year=YEARS[1])
    for index in _some(planted, use="sports", share=0.3):
        planted[index] = _lose_in_bbr(planted[index])
    for index in _some(planted, use="health_social", share=0.1)[:3]:
        planted[index] = _lose_everywhere(rng, planted[index])
    for index in _some(planted, use="technical", share=0.3)[:2]:
        planted[index] = replace(planted[index], is_on_foreign_ground=True)
    for index in daycares[1:3]:
        planted[index] = replace(planted[index], has_fm_use=False)
    if len(schools) > 20:
        planted[schools[-1]] = replace(planted[schools[-1]], tenure="leased")
    return planted


def _take_over(properties: list[Property]) -> list[Property]:
    """The first leased premises that are no daycare, where there are any, were not there from the beginning."""
    late = [p.property_no for p in properties if p.tenure == "leased" and p.use != "daycare"][:1]
    return [replace(p, held_from=TAKEN_OVER_ON) if p.property_no in late else p for p in properties]


def _some(properties: list[Property], use: str, share: float) -> list[int]:
    indexes = [i for i, p in enumerate(properties) if p.use == use and p.tenure == "owned"]
    return indexes[: max(1, round(len(indexes) * share))]


def _add_building(rng: random.Random, site: Property, area: int, built_year: int) -> Property:
    first = site.buildings[0]
    added = replace(
        first,
        number=len(site.buildings) + 1,
        bbr_id=new_uuid(rng),
        built_year=built_year,
        bbr_area=area,
        attic=0,
        basement=0,
        floors=1,
        fm_area=area + 4,
        fm_bda=area + 4,
        heated=area - 6,
        cleaned=area - 20,
    )
    return replace(site, buildings=(*site.buildings, added))


def _lose_in_bbr(site: Property) -> Property:
    """The last building of a property is not in BBR: its area comes from the FM system."""
    last = site.buildings[-1]
    lost = replace(last, bbr_id=None, bbr_area=0, attic=0, basement=0, fm_knows_bbr_id=False)
    return replace(site, buildings=(*site.buildings[:-1], lost))


def _lose_everywhere(rng: random.Random, site: Property) -> Property:
    """One more building that stands in the FM system with no area at all and is not in BBR."""
    grown = _add_building(rng, site, area=90, built_year=1971)
    shed = replace(
        grown.buildings[-1],
        bbr_id=None,
        bbr_area=0,
        fm_area=0,
        fm_bda=0,
        heated=None,
        cleaned=None,
        fm_knows_bbr_id=False,
    )
    return replace(grown, buildings=(*site.buildings, shed))


def _forget_some_areas(rng: random.Random, properties: list[Property]) -> list[Property]:
    """Some properties have no heated area, others no cleaned area, in the FM system.

    None of a use that has key figures of its own: each of those needs both areas of nine tenths of it.
    """
    kept = list(properties)
    operated = [i for i, p in enumerate(kept) if p.tenure in OPERATED and p.use in FORGETTABLE]
    rng.shuffle(operated)
    total = sum(p.area(YEARS[0]) for p in kept if p.tenure in OPERATED)
    for forget in (_forget_heated, _forget_cleaned):
        budget = UNKNOWN_SHARE * total
        while operated and kept[operated[-1]].area(YEARS[2]) < budget:
            index = operated.pop()
            budget -= kept[index].area(YEARS[2])
            forgotten = tuple(forget(b) for b in kept[index].buildings)
            kept[index] = replace(kept[index], buildings=forgotten)
    return kept


def _forget_heated(building: Building) -> Building:
    return replace(building, heated=None)


def _forget_cleaned(building: Building) -> Building:
    return replace(building, cleaned=None)
