"""Users and hours: inhabitants, pupils, children, workplaces, rooms, interruptions, opening hours and bookings."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from fractions import Fraction

from demo.days import uses_of_year
from demo.delivered import BOOKED_YEARS, delivers
from demo.measured.amounts import NOWHERE, Amounts, Key, add, spread
from demo.model import OPERATED, Institution, Municipality
from demo.usage import WINDOW, WORKDAYS

CLASSROOMS = ("Klasselokale", "Faglokale")


def sum_users(municipality: Municipality, year: int) -> Amounts:
    """Users of the year and 1 January's inhabitants."""
    found: Amounts = {}
    add(found, Key("", *NOWHERE, "N_INDB"), municipality.inhabitants[year])
    uses = {site.property_no: uses_of_year(municipality, site, year) for site in municipality.properties}
    for institution in municipality.institutions:
        measure = "N_ELEV" if institution.kind == "pupils" else "N_BARN"
        for number, share in institution.shares:
            spread(found, number, measure, _mean(institution, year) * Fraction(share), uses[number])
    for number, (workplaces, employees) in _newest_seats(municipality, year).items():
        spread(found, number, "N_ARBPL", workplaces, uses[number])
        spread(found, number, "N_AARSV_ADM", employees, uses[number])
    for site in municipality.properties:
        if delivers(municipality.code, "rooms") and site.use == "school":
            spread(found, site.property_no, "N_LOKALE", 0, uses[site.property_no])
        if delivers(municipality.code, "work_orders") and site.tenure in OPERATED:
            spread(found, site.property_no, "N_STOP", 0, uses[site.property_no])
    for room in municipality.records.rooms:
        spread(found, room.property_no, "N_LOKALE", int(room.kind in CLASSROOMS), uses[room.property_no])
    for order in municipality.records.orders:
        if order.created.year == year:
            spread(found, order.property_no, "N_STOP", int(order.is_stop), uses[order.property_no])
    return found


def _mean(institution: Institution, year: int) -> Fraction:
    return Fraction(institution.counts[year - 1] + institution.counts[year], 2)


def _newest_seats(municipality: Municipality, year: int) -> dict[str, tuple[Fraction, Fraction]]:
    """The last count of the year of each property."""
    newest: dict[str, tuple[Fraction, Fraction]] = {}
    for seats in sorted(municipality.records.seats, key=lambda seats: seats.counted):
        if seats.counted.year == year:
            newest[seats.property_no] = (Fraction(seats.workplaces), Fraction(seats.employees))
    return newest


def sum_hours(municipality: Municipality, year: int) -> Amounts:
    """Opening hours day by day, the weeks they hold; and booked hours inside the reference window."""
    found: Amounts = {}
    uses = {site.property_no: uses_of_year(municipality, site, year) for site in municipality.properties}
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366 if calendar.isleap(year) else 365)]
    valid: dict[str, set[date]] = {}
    for opening in municipality.records.openings:
        held = {day for day in days if opening.valid_from <= day <= (opening.valid_to or day)}
        valid.setdefault(opening.property_no, set()).update(held)
        hours = sum(opening.closes - opening.opens for day in held if day.isoweekday() == opening.weekday)
        spread(found, opening.property_no, "H_AABEN", hours, uses[opening.property_no])
    for number, held in valid.items():
        spread(found, number, "N_UGER", Fraction(len(held), 7), uses[number])
    if year in BOOKED_YEARS:
        halls = {booking.property_no for booking in municipality.records.bookings}
        window = WINDOW[1] - WINDOW[0]
        for number in halls:
            workdays = sum(day.isoweekday() in WORKDAYS for day in days)
            spread(found, number, "H_REF", Fraction(workdays * window, 60), uses[number])
        for booking in municipality.records.bookings:
            if booking.day.year == year and booking.day.isoweekday() in WORKDAYS:
                minutes = min(booking.ends, WINDOW[1]) - max(booking.starts, WINDOW[0])
                spread(found, booking.property_no, "H_BOOK", Fraction(max(0, minutes), 60), uses[booking.property_no])
    return found
