"""Areas: by the days of the year that a building stood, was had, and was used for something."""

from __future__ import annotations

from datetime import date

from demo.days import uses_by_days, uses_of_year
from demo.delivered import delivers
from demo.levels import LABEL_FROM_M2
from demo.measured.amounts import Amounts, Key, Number, add, spread
from demo.model import OPERATED, Building, Municipality, Property
from demo.upkeep import built_ground

# Uses in BBR whose buildings need no label: workshops.
EXEMPT_USES = ("223",)


def sum_areas(municipality: Municipality, year: int) -> Amounts:
    """Areas in m2 of what stands. A building of unknown area adds nothing, and leaves its property unknown."""
    found: Amounts = {}
    for site in municipality.properties:
        for building in site.buildings:
            if not building.exists_in(year):
                continue
            for (use, tenure), share in uses_by_days(municipality, site, year).items():
                for measure, m2 in _areas(building, site.tenure).items():
                    if m2 is not None:
                        add(found, Key(site.property_no, use, tenure, measure), m2 * share)
    return found | _labelled(municipality, year) | _terrain(municipality, year)


def _areas(building: Building, tenure: str) -> dict[str, int | None]:
    area = building.operating_area(tenure)
    if tenure not in OPERATED:
        return {"A_UDLEJET": area}
    own = "A_EJET" if tenure == "owned" else "A_LEJET"
    return {"A_BDA": area, own: area, "A_OPV": building.heated, "A_RENG": building.cleaned}


def operating_area(municipality: Municipality, site: Property, year: int, uses: tuple[str, ...] = ()) -> Number:
    """The part of A_BDA that the property has in the year, in some uses or in all."""
    by_days = uses_by_days(municipality, site, year)
    days = sum(share for (use, _), share in by_days.items() if not uses or use in uses)
    return site.area(year) * days if site.tenure in OPERATED else 0


def _labelled(municipality: Municipality, year: int) -> Amounts:
    found: Amounts = {}
    if not delivers(municipality.code, "labels"):
        return found
    letters = {
        (label.property_no, label.building_no): label.letter
        for label in municipality.records.labels
        if label.valid_to >= date(year, 12, 31)
    }
    for site in municipality.properties:
        for building in site.buildings if site.tenure in OPERATED else ():
            needed = _must_be_labelled(building, site.tenure)
            if needed is None or not building.exists_in(year):
                continue
            good = letters.get((site.property_no, building.number), "G")[0] in "ABC"
            for (use, tenure), share in uses_by_days(municipality, site, year).items():
                place = (site.property_no, use, tenure)
                add(found, Key(*place, "A_MRK"), needed * share)
                add(found, Key(*place, "A_MRK_AC"), needed * share if good else 0)
    return found


def _must_be_labelled(building: Building, tenure: str) -> int | None:
    """m2 that must have a label; None: nobody knows, because BBR does not say what the building is used for."""
    area = building.operating_area(tenure)
    if area is not None and area <= LABEL_FROM_M2:
        return 0
    if building.bbr_id is None:
        return None
    return 0 if building.use_code in EXEMPT_USES else area


def _terrain(municipality: Municipality, year: int) -> Amounts:
    """Land of the parcels in force less what buildings cover; rented land is the landlord's."""
    found: Amounts = {}
    if not delivers(municipality.code, "parcels"):
        return found
    land: dict[str, int] = {}
    for parcel in municipality.records.parcels:
        if parcel.is_current:
            land[parcel.bfe_no] = land.get(parcel.bfe_no, 0) + parcel.m2
    for site in municipality.properties:
        if site.tenure != "leased" and site.bfe_no in land:
            terrain = land[site.bfe_no] - sum(built_ground(building) for building in site.buildings)
            spread(found, site.property_no, "A_TERRAEN", terrain, uses_of_year(municipality, site, year))
    return found
