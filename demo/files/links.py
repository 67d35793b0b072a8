"""property_links.csv, split_keys.csv and property_periods.csv: what a municipality says of its properties by hand."""

from __future__ import annotations

from pathlib import Path

from demo.charges import stored_key
from demo.files.written import as_delimited, write
from demo.model import Municipality

KEY_HEADING = ("split_key", "property_no", "share", "valid_from", "valid_to", "note")
PERIOD_HEADING = (
    *("property_no", "building_no", "valid_from", "valid_to", "use_category", "tenure", "area_m2", "note"),
)
HEADING = ("link_type", "source_key", "property_no", "share", "valid_from", "valid_to", "note")


def write_links(municipality: Municipality, folder: Path) -> None:
    """Cost units that no master ties to a property, shared ones, institutions and meters."""
    kind = "psp" if municipality.ledger == "opus" else "cost_centre"
    rows = [
        (kind, unit.key, number, share, "", "", "fast fordelingsnøgle" if len(unit.shares) > 1 else "")
        for unit in municipality.units
        if unit.is_linked_by_hand
        for number, share in unit.shares
    ]
    rows += [
        ("institution", institution.number, number, share, "", "", "")
        for institution in municipality.institutions
        for number, share in institution.shares
    ]
    rows += [
        ("meter", meter.number, meter.property_no, "1", "", "", "")
        for meter in municipality.meters
        if meter.is_linked_by_hand
    ]
    write(folder / "property_links.csv", as_delimited(HEADING, rows, ","))


def write_mappings(municipality: Municipality, folder: Path) -> None:
    """The stored key that a rule splits by, and the changes of use; no file where there is nothing to say."""
    keys = [("forvaltning", number, share, "", "", "fast nøgle") for number, share in stored_key(municipality)]
    if keys:
        write(folder / "split_keys.csv", as_delimited(KEY_HEADING, keys, ","))
    periods = [
        (x.property_no, "", x.valid_from.isoformat(), "", x.use, x.tenure, "", "skiftede anvendelse midt i året")
        for x in municipality.records.periods
    ]
    if periods:
        write(folder / "property_periods.csv", as_delimited(PERIOD_HEADING, periods, ","))
