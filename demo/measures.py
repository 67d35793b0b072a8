"""What is true of each municipality and year, summed from the model: areas, money, quantities, users."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from demo.model import OPERATED, Institution, Municipality, Property

Amounts = dict[tuple[str, str, str], Decimal]
CARRIERS = {"el": "Q_EL", "varme": "Q_VARME", "vand": "Q_VAND"}
NOWHERE = ("none", "none")
# (property number or "" for none, cost category) -> kroner posted, kroner meant
Costs = dict[tuple[str, str], tuple[Decimal, Decimal]]


def kroner(oere: int) -> Decimal:
    """Oere as kroner, exactly."""
    return Decimal(oere) / 100


def sum_areas(municipality: Municipality, year: int) -> Amounts:
    """Areas in m2 per measure, use category and tenure. A building of unknown area adds nothing."""
    found: Amounts = defaultdict(Decimal)
    for site in municipality.properties:
        for building in site.buildings:
            if not building.exists_in(year):
                continue
            area = building.operating_area(site.tenure) or 0
            place = (site.use, site.tenure)
            if site.tenure not in OPERATED:
                found["A_UDLEJET", *place] += area
                continue
            found["A_BDA", *place] += area
            found["A_EJET" if site.tenure == "owned" else "A_LEJET", *place] += area
            found["A_OPV", *place] += building.heated or 0
            found["A_RENG", *place] += building.cleaned or 0
    return found


def sum_costs(municipality: Municipality, year: int) -> Costs:
    """Kroner per property and cost category; a unit's shares are exact fractions of its postings."""
    found: Costs = {}
    for charge in municipality.charges:
        if charge.year != year:
            continue
        for number, share in charge.unit.shares or (("", "1"),):
            posted, intended = found.get((number, charge.category), (Decimal(0), Decimal(0)))
            part = Decimal(share)
            found[number, charge.category] = (
                posted + kroner(charge.posted) * part,
                intended + kroner(charge.intended) * part,
            )
    return found


def by_use(municipality: Municipality, costs: Costs, which: int) -> Amounts:
    """Costs per category, use category and tenure; `which` 0 = as posted, 1 = as meant."""
    places = {p.property_no: (p.use, p.tenure) for p in municipality.properties} | {"": NOWHERE}
    found: Amounts = defaultdict(Decimal)
    for (number, category), amounts in costs.items():
        found[category, *places[number]] += amounts[which]
    return found


def sum_quantities(municipality: Municipality, year: int) -> dict[tuple[str, str], Decimal]:
    """kWh and m3 per property and measure."""
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for meter in municipality.meters:
        total = sum(amount for (y, _), amount in meter.monthly.items() if y == year)
        found[meter.property_no, CARRIERS[meter.carrier]] += Decimal(total) / 10
    return found


def sum_users(municipality: Municipality, year: int) -> Amounts:
    """Pupils and children (mean of two counts, by share at each property) and inhabitants on 1 January."""
    sites: dict[str, Property] = {p.property_no: p for p in municipality.properties}
    found: Amounts = defaultdict(Decimal)
    found["N_INDB", *NOWHERE] = Decimal(municipality.inhabitants[year])
    for institution in municipality.institutions:
        for number, share in institution.shares:
            site = sites[number]
            measure = "N_ELEV" if institution.kind == "pupils" else "N_BARN"
            found[measure, site.use, site.tenure] += _mean(institution, year) * Decimal(share)
    return found


def _mean(institution: Institution, year: int) -> Decimal:
    return Decimal(institution.counts[year - 1] + institution.counts[year]) / 2


def sum_accepted(municipality: Municipality, year: int) -> dict[str, Decimal]:
    """Kroner of every posting per function; "" = the cost unit has none."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for charge in municipality.charges:
        if charge.year == year:
            found[charge.unit.function] += kroner(charge.posted)
    return found
