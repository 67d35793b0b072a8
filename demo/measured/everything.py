"""All measures of a municipality and year."""

from __future__ import annotations

from fractions import Fraction

from demo.days import uses_of_year
from demo.measured.amounts import Amounts, Key, Number, add, spread
from demo.measured.areas import sum_areas
from demo.measured.condition import sum_condition
from demo.measured.costs import sum_cost_measures, sum_statistics
from demo.measured.energy import sum_energy
from demo.measured.users import sum_hours, sum_users
from demo.model import Municipality


def all_measures(municipality: Municipality, year: int) -> Amounts:
    """Every measure, money as posted."""
    sums = (sum_areas, sum_cost_measures, sum_statistics, sum_energy, sum_users, sum_hours, sum_condition, sum_observed)
    found: Amounts = {}
    for one in sums:
        found |= one(municipality, year)
    return found


def sum_observed(municipality: Municipality, year: int) -> Amounts:
    """What the municipality counted itself."""
    found: Amounts = {}
    uses = {site.property_no: uses_of_year(municipality, site, year) for site in municipality.properties}
    for observation in municipality.records.observations:
        if observation.year == year:
            number = observation.property_no
            spread(found, number, observation.measure, Fraction(observation.amount), uses[number])
    return found


def by_use(amounts: Amounts) -> dict[tuple[str, str, str], Number]:
    """Summed over properties: (measure, use category, tenure) -> amount."""
    found: Amounts = {}
    for key, amount in amounts.items():
        add(found, Key("", *key[1:]), amount)
    return {(key.measure_code, key.use_category, key.tenure): amount for key, amount in found.items()}
