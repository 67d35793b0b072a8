"""The state of the buildings: condition surveys, interruptions, energy labels, and the ground they stand on."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from demo.levels import BACKLOG_PER_M2, LABEL_FROM_M2, ORDERS_PER_PROPERTY
from demo.model import OPERATED, YEARS, Building, Municipality, Property
from demo.records import Label, Parcel, Survey, WorkOrder

# Grades on the common scale of 0 (best) to 3 that each municipality's own scale can say.
GRADES = {
    "0991": tuple(Decimal(text) for text in ("0", "0.75", "1.5", "2.25", "3")),
    "0992": tuple(Decimal(number) for number in range(4)),
    "0993": tuple(Decimal(number) for number in range(4)),
}
GRADE_WEIGHTS = {5: (20, 40, 22, 13, 5), 4: (25, 48, 20, 7)}
# Below this grade there is something to mend.
AGREED = Decimal(1)
PARTS = ("Tag", "Facade", "Varmeanlæg")
# One municipality notes a priority, the others a consequence.
RISKS = {"0993": ("1", "2", "3", "4")}
CONSEQUENCES = ("Høj", "Mellem", "Lav")
RISK_WEIGHTS = {3: (25, 45, 30), 4: (12, 25, 38, 25)}
# Planted: parts that were graded on a scale nobody knows; what their building lacks is then not known.
UNREADABLE = {"0991": 2, "0993": 1}
UNREADABLE_PART = "Vinduer"
LETTERS = ("A2015", "A2010", "B", "C", "C", "C", "D", "D", "E", "F")


def list_surveys(municipality: Municipality, rng: random.Random) -> list[Survey]:
    """Two or three parts of every owned building, surveyed before the first year; a third of the buildings again."""
    found: list[Survey] = []
    for site in municipality.properties:
        for building in site.buildings if site.tenure == "owned" else ():
            if building.operating_area(site.tenure):
                parts = PARTS[: 2 if building.bbr_area < 1500 else 3]
                found += _survey(municipality, site, building, parts, _day(rng, 2017, 2022), rng)
                if rng.random() < 0.35:
                    found += _survey(municipality, site, building, parts, _day(rng, 2023, 2025), rng)
    strange = [survey for survey in found if survey.backlog][: UNREADABLE.get(municipality.code, 0)]
    return found + [replace(survey, part=UNREADABLE_PART, grade=None) for survey in strange]


def _survey(
    municipality: Municipality,
    site: Property,
    building: Building,
    parts: tuple[str, ...],
    day: date,
    rng: random.Random,
) -> list[Survey]:
    grades, risks = GRADES[municipality.code], RISKS.get(municipality.code, CONSEQUENCES)
    area = building.operating_area(site.tenure) or 0
    found: list[Survey] = []
    for part in parts:
        (grade,) = rng.choices(grades, GRADE_WEIGHTS[len(grades)])
        (risk,) = rng.choices(risks, RISK_WEIGHTS[len(risks)])
        backlog = round(area * BACKLOG_PER_M2 * float(grade - AGREED) * rng.uniform(0.6, 1.4), -2)
        is_below = grade > AGREED
        found.append(Survey(site.property_no, building.number, part, grade, risk, int(backlog) if is_below else 0, day))
    return found


def list_orders(municipality: Municipality, rng: random.Random) -> list[WorkOrder]:
    """Every year some orders per property; one in four because something stood still."""
    sites = [site for site in municipality.properties if site.tenure in OPERATED]
    found: list[WorkOrder] = []
    for year in YEARS:
        for _ in range(round(ORDERS_PER_PROPERTY * len(sites))):
            site = rng.choice(sites)
            number = f"AO-{year}-{len(found) + 1:05d}"
            building = rng.choice(site.buildings).number
            found.append(WorkOrder(number, site.property_no, building, _day(rng, year, year), rng.random() < 0.25))
    return found


def list_labels(municipality: Municipality, rng: random.Random) -> list[Label]:
    """Labels of most buildings that must have one; some have run out."""
    found: list[Label] = []
    for site in municipality.properties:
        for building in site.buildings if site.tenure in OPERATED else ():
            must = (building.operating_area(site.tenure) or 0) > LABEL_FROM_M2 and building.bbr_id is not None
            if must and rng.random() < 0.9:
                last = _day(rng, 2022, 2024) if rng.random() < 0.12 else _day(rng, 2026, 2033)
                found.append(Label(site.property_no, building.number, rng.choice(LETTERS), last))
    return found


def list_parcels(municipality: Municipality, rng: random.Random) -> list[Parcel]:
    """One or two parcels per property, and now and then one that is no longer in force."""
    found: list[Parcel] = []
    for number, site in enumerate(municipality.properties, start=1):
        ground = sum(built_ground(building) for building in site.buildings)
        bfe = f"8{site.bfe_no}" if site.is_on_foreign_ground else site.bfe_no
        parts = rng.randint(1, 2)
        for part in range(parts):
            m2 = round(ground * rng.uniform(2.2, 5.0) / parts) + 200
            found.append(Parcel(bfe, f"{number}{'abc'[part]}", m2, rng.choice((0, 0, 40))))
        if number % 7 == 0:
            found.append(Parcel(bfe, f"{number}x", 5000, 0, is_current=False))
    return found


def built_ground(building: Building) -> int:
    """Ground that a building covers, as BBR has it; a building that BBR lacks covers nothing that anybody knows."""
    return 0 if building.bbr_id is None else round(building.bbr_area / building.floors)


def _day(rng: random.Random, first: int, last: int) -> date:
    """A day of the years from first to last; never the last day of a year, so that order cannot matter."""
    start = date(first, 1, 1)
    return start + timedelta(days=rng.randrange((date(last, 12, 31) - start).days))
