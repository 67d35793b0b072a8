"""Days: how much of a year something holds. Time runs from a day (included) to a day (excluded)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from demo.model import Municipality, Property

# (use category, tenure) -> share of the days of a year
Shares = dict[tuple[str, str], int | Fraction]
BEGINNING, END = date(1900, 1, 1), date(2100, 1, 1)


def share_of_year(valid_from: date, valid_to: date, year: int) -> Fraction:
    """The share of the year's days that lie in [valid_from, valid_to)."""
    first, last = max(valid_from, date(year, 1, 1)), min(valid_to, date(year + 1, 1, 1))
    return Fraction(max(0, (last - first).days), 366 if calendar.isleap(year) else 365)


def held_share(site: Property, year: int) -> Fraction:
    """The share of the year that the municipality has had the property."""
    return share_of_year(site.held_from or BEGINNING, END, year)


def uses_by_days(municipality: Municipality, site: Property, year: int) -> Shares:
    """What the property was used for, by days of the year; sums to less than 1 where it was taken over later."""
    periods = municipality.records.periods
    if not site.held_from and all(period.property_no != site.property_no for period in periods):
        return {(site.use, site.tenure): 1}
    found: Shares = {}
    for place, valid_from, valid_to in _spans(municipality, site):
        share = share_of_year(max(valid_from, site.held_from or BEGINNING), valid_to, year)
        if share:
            found[place] = found.get(place, 0) + share
    return found


def uses_of_year(municipality: Municipality, site: Property, year: int) -> Shares:
    """Over which uses anything known of the property and year is spread: sums to 1, also where it came later."""
    by_days = uses_by_days(municipality, site, year)
    whole = sum(by_days.values())
    return {place: Fraction(share, whole) for place, share in by_days.items()} or {(site.use, site.tenure): 1}


def _spans(municipality: Municipality, site: Property) -> Iterator[tuple[tuple[str, str], date, date]]:
    place, since = (site.use, site.tenure), BEGINNING
    for period in municipality.records.periods:
        if period.property_no == site.property_no:
            yield place, since, period.valid_from
            place, since = (period.use, period.tenure), period.valid_from
    yield place, since, END
