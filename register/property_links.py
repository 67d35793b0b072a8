"""What a municipality says of its properties: links of other systems' keys to them, and periods of use and tenure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from register.account_rules import check_shares, read_share
from register.mapping_file import MappingRow, read_mapping
from register.schema import RegisterError

LINKS_FILE, PERIODS_FILE = "property_links.csv", "property_periods.csv"
LINK_HEADING = ("link_type", "source_key", "property_no", "share", "valid_from", "valid_to", "note")
LINK_TYPES = ("psp", "cost_centre", "institution", "meter", "bbr_building")
PERIOD_HEADING = (
    *("property_no", "building_no", "valid_from", "valid_to", "use_category", "tenure", "area_m2"),
    "note",
)
# none: the municipality does not have it in these days (sold, pulled down, not yet taken over).
PERIOD_TENURES = ("owned", "leased", "let_out", "none")


@dataclass(frozen=True)
class PropertyLink:
    """One link: this share of what the source key carries belongs to the property."""

    link_no: int
    link_type: str
    source_key: str
    property_no: str
    share: Decimal
    valid_from: int
    valid_to: int
    note: str | None


@dataclass(frozen=True)
class PropertyPeriod:
    """Use, tenure or area of a building, or of a whole property, in some days; what is None is as registers say.

    `valid_from` is the first day, `valid_to` the first day after; None is open. `building_no` is '' for the property.
    """

    period_no: int
    property_no: str
    building_no: str
    valid_from: date | None
    valid_to: date | None
    use_category: str | None
    tenure: str | None
    area_m2: Decimal | None
    note: str | None


def read_links(folder: Path) -> list[PropertyLink]:
    """Links of a municipality's `property_links.csv`; none if there is no such file.

    Raises:
        RegisterError: a row is wrong, or shares of a key do not sum to 1.
    """
    label = f"municipality {folder.name}, file {LINKS_FILE}"
    links = [_link(row) for row in read_mapping(folder / LINKS_FILE, label, LINK_HEADING)]
    _check_shares(links, label)
    return links


def read_periods(folder: Path, use_categories: Collection[str]) -> list[PropertyPeriod]:
    """Periods of a municipality's `property_periods.csv`; none if there is no such file.

    Raises:
        RegisterError: a row is wrong, or two periods of one unit overlap.
    """
    label = f"municipality {folder.name}, file {PERIODS_FILE}"
    uses = [use for use in use_categories if use != "none"]
    periods = [_period(row, uses) for row in read_mapping(folder / PERIODS_FILE, label, PERIOD_HEADING)]
    _check_overlaps(periods, label)
    return periods


def _link(row: MappingRow) -> PropertyLink:
    link_type = row.text("link_type")
    if link_type not in LINK_TYPES:
        raise row.error("link_type", "is not a link type", f"use one of {', '.join(LINK_TYPES)}")
    first, last = row.years()
    return PropertyLink(
        link_no=row.number,
        link_type=link_type,
        source_key=row.text("source_key"),
        property_no=row.text("property_no"),
        share=read_share(row),
        valid_from=first,
        valid_to=last,
        note=row.values["note"] or None,
    )


def _check_shares(links: list[PropertyLink], label: str) -> None:
    by_key: dict[tuple[str, str], list[PropertyLink]] = defaultdict(list)
    for link in links:
        by_key[link.link_type, link.source_key].append(link)
    for group in by_key.values():
        check_shares(group, label, [link.link_no for link in group], "this key")


def _period(row: MappingRow, uses: list[str]) -> PropertyPeriod:
    values = row.values
    for field, known in (("use_category", uses), ("tenure", PERIOD_TENURES)):
        if values[field] and values[field] not in known:
            raise row.error(field, f"is not a {field.replace('_', ' ')}", f"use one of {', '.join(known)}")
    area = row.decimal("area_m2", Decimal(0)) if values["area_m2"] else None
    # Registers and spreadsheets differ on leading zeros; the models compare numbers without them.
    building_no = values["building_no"].lstrip("0")
    if values["building_no"] and not building_no:
        raise row.error("building_no", "is no building's number", "leave it empty for the whole property")
    if area is not None and area <= 0:
        raise row.error("area_m2", "is not above 0", "write the area in m2, or leave it empty")
    if area is not None and not building_no:
        raise row.error("area_m2", "is the area of a whole property", "give each building its own row")
    if not (values["use_category"] or values["tenure"] or area):
        raise row.error("use_category", "is empty, as tenure and area_m2 are", "fill in what the period is about")
    first, last = row.day("valid_from"), row.day("valid_to")
    if first and last and last <= first:
        raise row.error("valid_to", "is not after valid_from", "write the first day that no longer counts")
    return PropertyPeriod(
        period_no=row.number,
        property_no=row.text("property_no"),
        building_no=building_no,
        valid_from=first,
        valid_to=last,
        use_category=values["use_category"] or None,
        tenure=values["tenure"] or None,
        area_m2=area,
        note=values["note"] or None,
    )


def _check_overlaps(periods: list[PropertyPeriod], label: str) -> None:
    """A day of a unit has one period. A building's period may lie within one of its property: it comes first."""
    ordered = sorted(periods, key=lambda one: (one.property_no, one.building_no, one.valid_from or date.min))
    for one, following in pairwise(ordered):
        if (one.property_no, one.building_no) != (following.property_no, following.building_no):
            continue
        if one.valid_to is None or one.valid_to > (following.valid_from or date.min):
            earlier, later = sorted((one.period_no, following.period_no))
            unit = "building" if one.building_no else "property"
            raise RegisterError(
                label,
                f"overlaps row {earlier}, which is of the same {unit}",
                "end one on the day the other begins; valid_to is the first day after",
                row=later,
                field="valid_from",
            )
