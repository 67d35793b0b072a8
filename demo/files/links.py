"""property_links.csv: what a municipality has tied to its properties by hand."""

from __future__ import annotations

from pathlib import Path

from demo.files.written import as_delimited, write
from demo.model import Municipality

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
