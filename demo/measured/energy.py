"""Energy and water: what the meters say, heat in normal weather, emissions, and how much of the area has data."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from fractions import Fraction

from demo.days import uses_by_days, uses_of_year
from demo.factors import DEGREE_DAYS, EMISSIONS, GUF, NORMAL_YEAR
from demo.measured.amounts import Amounts, Key, Number, add
from demo.model import OPERATED, Building, Meter, Municipality

MEASURES = {"el": "Q_EL", "varme": "Q_VARME", "vand": "Q_VAND", "koel": "Q_KOEL", "el_egen": "Q_EL_EGEN"}
FACTOR_CARRIERS = {"el": "electricity", "varme": "district_heating", "koel": "cooling"}
# With fewer days heat is not corrected: what is missing may be winter or summer.
LEAST_DAYS = 350
KOLADA_COOLING = 3


def sum_energy(municipality: Municipality, year: int) -> Amounts:
    """Quantities in kWh and m3 with those that follow from them, and the heated area that has data."""
    found: Amounts = {}
    uses = {site.property_no: uses_of_year(municipality, site, year) for site in municipality.properties}
    for meter in municipality.meters:
        days = _days(meter, year)
        if not days:
            continue
        quantity = Fraction(sum(amount for (y, _), amount in meter.monthly.items() if y == year), 10)
        for (use, tenure), share in uses[meter.property_no].items():
            for measure, factor in _factors(meter, days, use, year):
                add(found, Key(meter.property_no, use, tenure, measure), quantity * share * factor)
    return found | _with_data(municipality, year)


def _factors(meter: Meter, days: int, use: str, year: int) -> Iterator[tuple[str, Number]]:
    """Every measure that the meter adds to, with what a unit of it counts there."""
    yield MEASURES[meter.carrier], 1
    if meter.carrier in FACTOR_CARRIERS:
        yield "Q_CO2E", Fraction(EMISSIONS[FACTOR_CARRIERS[meter.carrier], year])
    if meter.carrier != "vand":
        yield "Q_VE", int(meter.carrier == "el_egen")
    if meter.carrier == "koel":
        yield "Q_KOEL_EKV", Fraction(1, KOLADA_COOLING)
    if meter.carrier == "varme" and days >= LEAST_DAYS:
        fixed = Fraction(GUF[use], 100)
        yield "Q_VARME_K", fixed + (1 - fixed) * Fraction(NORMAL_YEAR[1], DEGREE_DAYS[year])


def _days(meter: Meter, year: int) -> int:
    """Days of the months that have a reading."""
    return sum(calendar.monthrange(y, month)[1] for y, month in meter.monthly if y == year)


def _with_data(municipality: Municipality, year: int) -> Amounts:
    """A building's heated area counts with the energy meter that has fewest days; without a meter it has no data."""
    found: Amounts = {}
    meters: dict[str, list[Meter]] = {}
    for meter in municipality.meters:
        if meter.carrier in ("el", "varme") and _days(meter, year):
            meters.setdefault(meter.property_no, []).append(meter)
    for site in municipality.properties:
        for building in site.buildings if site.tenure in OPERATED else ():
            share = _data_share(meters.get(site.property_no, []), building, year)
            if not building.exists_in(year) or (building.heated is None and share is not None):
                continue
            for (use, tenure), days in uses_by_days(municipality, site, year).items():
                amount = (building.heated or 0) * days * (share or 0)
                add(found, Key(site.property_no, use, tenure, "A_OPV_DATA"), amount)
    return found


def _data_share(meters: list[Meter], building: Building, year: int) -> Fraction | None:
    """Of the building's own energy meters and those of the whole property; None = there is none."""
    in_year = 366 if calendar.isleap(year) else 365
    shares = [
        Fraction(_days(meter, year), in_year)
        for meter in meters
        if meter.is_linked_by_hand or meter.building_no in (None, building.number)
    ]
    return min(shares) if shares else None
