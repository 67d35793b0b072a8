"""Money per property and cost category, its parts, and what official statistics have."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from demo.charges import JOINT, stored_key
from demo.days import uses_of_year
from demo.measured.amounts import NOWHERE, Amounts, Key, Number, add, as_decimal, spread
from demo.measured.areas import operating_area
from demo.model import Charge, Municipality
from demo.official import sum_official
from demo.tasks import BACKLOG, unit_key

PART_MEASURES = {"envelope": "C_VEDL_UDV", "interior": "C_VEDL_IND", "installations": "C_VEDL_INST"}
SPORTS_FUNCTION = "03231"
OPERATION = "1"
# How the joint unit's cost is shared out: by the area of some uses, of all (), or by the municipality's stored key.
BY_KEY = "key"
SPLITS: dict[tuple[str, str], tuple[str, ...] | str] = {
    ("0991", "C_OEVR"): (),
    ("0991", "C_FORV"): BY_KEY,
    ("0992", "C_OEVR"): (),
    ("0992", "C_FORV"): ("school", "daycare"),
}
# (property number or "" for none, cost category) -> oere posted, oere meant
Costs = dict[tuple[str, str], tuple[Number, Number]]


def kroner(oere: int) -> Decimal:
    """Oere as kroner, exactly."""
    return Decimal(oere) / 100


def sum_costs(municipality: Municipality, year: int) -> Costs:
    """Oere per property and cost category; shares are exact fractions of the postings."""
    found: Costs = {}
    for charge in municipality.charges:
        if charge.year == year:
            for number, share in _shares(municipality, charge).items():
                posted, intended = found.get((number, charge.category), (0, 0))
                found[number, charge.category] = (posted + charge.posted * share, intended + charge.intended * share)
    return found


def _shares(municipality: Municipality, charge: Charge) -> dict[str, Number]:
    split = SPLITS.get((municipality.code, charge.category))
    if split is None or charge.unit.key != unit_key(municipality, JOINT):
        shares = charge.unit.shares or (("", "1"),)
        return {number: 1 if share == "1" else Fraction(share) for number, share in shares}
    if split == BY_KEY:
        return {number: Fraction(share) for number, share in stored_key(municipality)}
    areas = {
        site.property_no: operating_area(municipality, site, charge.year, tuple(split))
        for site in municipality.properties
    }
    whole = sum(areas.values())
    return {number: Fraction(area, whole) for number, area in areas.items() if area}


def sum_cost_measures(municipality: Municipality, year: int) -> Amounts:
    """Every cost measure, as posted, over the uses that the properties had; and the parts that repeat some of it."""
    found: Amounts = {}
    uses = {site.property_no: uses_of_year(municipality, site, year) for site in municipality.properties}
    uses[""] = {NOWHERE: 1}
    for (number, category), (posted, _) in sum_costs(municipality, year).items():
        spread(found, number, category, Fraction(posted, 100), uses[number])
    # Nothing spent on a part of a property is 0, for the rules tell the parts apart.
    for number in uses:
        for measure in (*PART_MEASURES.values(), "C_EFTERSLAEB"):
            spread(found, number, measure, 0, uses[number])
    for charge in municipality.charges:
        repeated = "C_EFTERSLAEB" if charge.part == BACKLOG else PART_MEASURES.get(charge.part)
        if charge.year == year and repeated:
            for number, share in charge.unit.shares:
                oere = charge.posted if share == "1" else charge.posted * Fraction(share)
                spread(found, number, repeated, Fraction(oere, 100), uses[number])
    return found


def sum_statistics(municipality: Municipality, year: int) -> Amounts:
    """Net operating expenditure of the municipality and of its sports facilities, as official statistics have it."""
    official = sum_official(municipality)
    found: Amounts = {}
    for (function, dranst, of_year), thousands in official.items():
        if (dranst, of_year) == (OPERATION, year):
            add(found, Key("", *NOWHERE, "C_NETTO"), 1000 * thousands)
            add(found, Key("", *NOWHERE, "C_IDRAET_NETTO"), 1000 * thousands if function == SPORTS_FUNCTION else 0)
    return found


def sum_accepted(municipality: Municipality, year: int) -> dict[str, Decimal]:
    """Kroner of every posting per function; "" = the cost unit has none."""
    found: dict[str, Decimal] = {}
    for charge in municipality.charges:
        if charge.year == year:
            found[charge.unit.function] = found.get(charge.unit.function, Decimal(0)) + kroner(charge.posted)
    return found


def as_kroner(oere: Number) -> Decimal:
    """Oere, exact parts of one among them, as kroner."""
    return as_decimal(Fraction(oere, 100))
