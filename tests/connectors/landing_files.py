"""Small deliveries for the tests of the landing engine, and a look at what they left in the warehouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from connectors.landing import Checks, Delivery, Dialect, NumberFormat
from warehouse.database import connect

HEADING = "Bilagsnummer;Position;Artskonto;Beløb;Bogføringsdato;Tekst"
COLUMNS = {
    "Bilagsnummer": "document_no",
    "Position": "line_no",
    "Artskonto": "account",
    "Beløb": "amount",
    "Bogføringsdato": "posting_date",
}
CHECKS = Checks(
    numbers={"amount": NumberFormat(",", ".")},
    dates={"posting_date": ("%d-%m-%Y",)},
    required_values=frozenset({"document_no"}),
)
JANUARY = (date(2025, 1, 1), date(2025, 2, 1))


def posting_lines(count: int, first: int = 1) -> list[str]:
    """Postings of 1,50 kr. each, numbered from `first`."""
    return [f"{number};1;40450000;1,50;05-01-2025;rengøring" for number in range(first, first + count)]


def postings(folder: Path, lines: list[str] | bytes, name: str = "posteringer_2025-01.csv", **changes: Any) -> Delivery:
    """A window of Opus-like postings in cp1252; the text column stays out."""
    path = folder / name
    content = lines if isinstance(lines, bytes) else "\r\n".join([HEADING, *lines, ""]).encode("cp1252")
    path.write_bytes(content)
    delivery = Delivery(
        source="ledger_opus",
        stream="postings",
        municipality_code="0991",
        load_kind="window",
        path=path,
        file_name=name,
        columns=COLUMNS,
        required=frozenset({"document_no", "amount"}),
        dropped=frozenset({"Tekst"}),
        profile_sha256="profile-1",
        dialect=Dialect("cp1252", ";"),
        checks=CHECKS,
        window=JANUARY,
    )
    return replace(delivery, **changes)


def meters(folder: Path, content: bytes, name: str = "meters.csv", **changes: Any) -> Delivery:
    """A snapshot of meters: every column is let in."""
    path = folder / name
    path.write_bytes(content)
    delivery = Delivery(
        source="energy",
        stream="meters",
        municipality_code="0991",
        load_kind="snapshot",
        path=path,
        file_name=name,
        columns={name: name for name in ("meter_no", "carrier", "unit", "property_no")},
        required=frozenset({"meter_no", "carrier"}),
        profile_sha256="profile-1",
    )
    return replace(delivery, **changes)


def rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask the warehouse as its owner."""
    with connect("owner") as connection:
        return connection.execute(query, values).fetchall()


def raw_meters() -> list[tuple[Any, ...]]:
    """The meters of all deliveries in the order of their rows."""
    return rows("select meter_no, carrier, property_no from raw_energy.meters order by delivery_id, row_no")


def states() -> list[tuple[str, str]]:
    """File name and state of each delivery, oldest first."""
    return rows("select file_name, state from ops.deliveries order by delivery_id")
