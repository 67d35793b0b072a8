"""What municipalities count themselves, because no source system is known to have it: observations."""

from __future__ import annotations

import random
from decimal import Decimal

from demo.delivered import OBSERVED
from demo.model import YEARS, Municipality, Property
from demo.records import Observation


def list_observations(municipality: Municipality, rng: random.Random) -> list[Observation]:
    """One of each property in scope, measure and year; nothing there is written as 0."""
    found = []
    for measure, scope in OBSERVED[municipality.code].items():
        for site in municipality.properties:
            if site.tenure in scope.tenures and (not scope.uses or site.use in scope.uses):
                level = _level(municipality, site, measure, rng)
                for year in YEARS:
                    if not site.held_from or site.held_from.year <= year:
                        amount = level * Decimal(round(100 * rng.uniform(0.98, 1.02))) / 100
                        found.append(Observation(site.property_no, measure, year, _rounded(measure, amount)))
    return found


def _level(municipality: Municipality, site: Property, measure: str, rng: random.Random) -> Decimal:
    area = site.area(YEARS[0])
    cleaned = sum(b.cleaned or 0 for b in site.buildings)
    people = _users(municipality, site)
    levels = {
        "A_TOM": 0.3 * area if rng.random() < 0.08 else 0.0,
        "A_TERRAEN": 2.4 * area + 300,
        "A_LEGE": 14 * people,
        # One sports property in three has a pool.
        "A_VANDSPEJL": 330 if int(site.property_no) % 3 == 0 else 0,
        "N_AARSV_RENG": cleaned / 2700,
        "N_KAPACITET": 1.15 * people,
        "N_PLADS": 1.08 * people,
        "N_BESOEG": 14.0 * area,
        "N_HAL": 1,
    }
    return Decimal(str(round(levels[measure], 4)))


def _users(municipality: Municipality, site: Property) -> float:
    """Pupils or children of the first year."""
    parts = [
        institution.counts[YEARS[0]] * float(share)
        for institution in municipality.institutions
        for number, share in institution.shares
        if number == site.property_no
    ]
    return sum(parts)


def _rounded(measure: str, amount: Decimal) -> Decimal:
    """Cleaning staff by the hundredth of a full-time equivalent, all else whole."""
    return round(amount, 2) if measure == "N_AARSV_RENG" else Decimal(round(amount))
