"""StatBank: one table by BULK, asked for again only when Statistics Denmark has updated it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.base import Item, Passed, Request
from connectors.errors import UnexpectedContentError
from connectors.profiled import downloaded, profile_digest, stream_profile

TOTALS = {"KØN": "TOT", "ALDER": "IALT", "CIVILSTAND": "TOT"}
FIRST_OF_JANUARY = "K1"  # FOLK1A counts the population on the first day of the quarter


def fetch_table(request: Request) -> Iterator[Item]:
    """The table's totals for the municipality on 1 January of each year since `first_year`."""
    table = request.stream.path
    with request.open_client() as client:
        about = client.post_json("tableinfo", {"table": table, "format": "JSON", "lang": "da"})
        periods = _periods(about, request)
        profile = stream_profile(request, f"{table}.csv")
        version = f"{table} {about.get('updated')} {periods[0]}-{periods[-1]}"
        known = request.known.find_version(version, profile_digest(request, profile))
        if known:
            yield Passed(profile.files, known)
            return
        path = request.scratch / profile.files
        client.download("data", path, body=_query(table, request.municipality_code, periods))
    yield downloaded(request, profile, path, version)


def _periods(about: Any, request: Request) -> list[str]:
    try:
        time = next(variable for variable in about["variables"] if variable.get("time") or variable["id"] == "Tid")
        periods = [str(value["id"]) for value in time["values"]]
    except (KeyError, TypeError, StopIteration, AttributeError):
        raise UnexpectedContentError(
            request.place(), "the description of the table names no periods", "check the address of the connection"
        ) from None
    first = str(request.section.first_year or "")
    wanted = sorted(period for period in periods if period.endswith(FIRST_OF_JANUARY) and period >= first)
    if not wanted:
        raise UnexpectedContentError(request.place(), "the table has no year from first_year on", "lower first_year")
    return wanted


def _query(table: str, municipality_code: str, periods: list[str]) -> dict[str, Any]:
    chosen = {"OMRÅDE": [municipality_code.lstrip("0")], **{name: [total] for name, total in TOTALS.items()}}
    variables = [{"code": code, "values": values} for code, values in (*chosen.items(), ("Tid", periods))]
    return {
        "table": table, "format": "BULK", "lang": "da", "valuePresentation": "Code", "delimiter": "Semicolon",
        "variables": variables,
    }  # fmt: skip
