"""How the properties are used: leases, workplaces, rooms, opening hours, bookings, and one change of use."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from demo.delivered import BOOKED_YEARS
from demo.levels import COST_LEVELS, LET_RENT, M2_PER_CLASSROOM, M2_PER_WORKPLACE
from demo.model import YEARS, Municipality, Property
from demo.records import Booking, Lease, Opening, Room, Seats, UsePeriod

OTHER_ROOMS = ("Lærerværelse", "Depot")
CLASSROOMS = ("Klasselokale", "Klasselokale", "Klasselokale", "Faglokale")
# This municipality turned an office into a house of culture in the middle of a year.
CHANGING_MUNICIPALITY = "0993"
CHANGED_ON = date(2024, 7, 1)
OPENING_MUNICIPALITY, NEW_HOURS_FROM = "0992", date(2024, 4, 1)
WORKDAYS = range(1, 6)
WINDOW = (16 * 60, 22 * 60)
BOOKED_HALLS = 3


def list_leases(municipality: Municipality) -> list[Lease]:
    """One lease per building that is rented, or let out."""
    found = []
    for site in municipality.properties:
        for building in site.buildings if site.tenure != "owned" else ():
            is_rented = site.tenure == "leased"
            m2 = building.operating_area(site.tenure) or 0
            found.append(
                Lease(
                    number=f"L{site.property_no}-{building.number}",
                    property_no=site.property_no,
                    building_no=building.number,
                    m2=m2,
                    rent=round(m2 * (COST_LEVELS["C_LEJE"] if is_rented else LET_RENT)),
                    valid_from=site.held_from or date(2015, 1, 1),
                    role="leased_in" if is_rented else "let_out",
                )
            )
    return found


def list_seats(municipality: Municipality, rng: random.Random) -> list[Seats]:
    """Counted every October, in 2024 also in March; never before the premises were taken over."""
    days = [date(year, 10, 1) for year in YEARS] + [date(2024, 3, 1)]
    found = []
    for site in _used_as(municipality, "administration"):
        workplaces = max(4, round(site.area(YEARS[0]) / M2_PER_WORKPLACE))
        for day in sorted(days):
            if site.held_from and day < site.held_from:
                continue
            employees = Decimal(round(2 * workplaces * rng.uniform(1.05, 1.2))) / 2
            found.append(Seats(site.property_no, day, workplaces + rng.randint(-2, 2), employees))
    return found


def list_rooms(municipality: Municipality) -> list[Room]:
    """Classrooms of schools, by area, all in the first building; and rooms that are none."""
    found = []
    for site in _used_as(municipality, "school"):
        classrooms = max(6, site.area(YEARS[0]) // M2_PER_CLASSROOM)
        kinds = [*(CLASSROOMS[number % len(CLASSROOMS)] for number in range(classrooms)), *OTHER_ROOMS]
        for number, kind in enumerate(kinds, start=1):
            first = site.buildings[0].number
            found.append(Room(site.property_no, first, f"{first}.{number:02d}", kind, 58 if "lokale" in kind else 24))
    return found


def list_openings(municipality: Municipality, rng: random.Random) -> list[Opening]:
    """Houses of culture and sports halls, each with hours of its own.

    Of one municipality the second of them opened during 2024, of the others it got new hours then.
    """
    found = []
    for position, site in enumerate(_used_as(municipality, "culture", "sports")):
        opens, closes = rng.choice((8, 9, 10)), rng.choice((19, 20, 21, 22))
        days = [(day, opens, closes) for day in WORKDAYS] + [(6, 10, 16)]
        since = NEW_HOURS_FROM if position == 1 else date(2019, 1, 1)
        found += [Opening(site.property_no, *hours, since) for hours in days]
        if position == 1 and municipality.code != OPENING_MUNICIPALITY:
            last = NEW_HOURS_FROM - timedelta(days=1)
            found += [Opening(site.property_no, day, 12, 18, date(2019, 1, 1), last) for day, *_ in days]
    return found


def list_bookings(municipality: Municipality, rng: random.Random) -> list[Booking]:
    """A few halls on most days, one booking a day; some begin before the reference window, some are at a weekend."""
    found = []
    for site in _used_as(municipality, "sports")[:BOOKED_HALLS]:
        for year in BOOKED_YEARS:
            for day in _days(year):
                if rng.random() < 0.68:
                    starts = WINDOW[0] + 30 * rng.randint(-3, 2)
                    found.append(Booking(site.property_no, day, starts, WINDOW[1] - 30 * rng.randint(0, 3)))
    return found


def list_periods(municipality: Municipality) -> list[UsePeriod]:
    """The one property that changed its use, where there is one of that kind."""
    if municipality.code != CHANGING_MUNICIPALITY:
        return []
    offices = [site for site in _used_as(municipality, "administration") if site.tenure == "owned"]
    return [UsePeriod(site.property_no, CHANGED_ON, "culture", site.tenure) for site in offices[:1]]


def _used_as(municipality: Municipality, *uses: str) -> list[Property]:
    return [site for site in municipality.properties if site.use in uses]


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)
