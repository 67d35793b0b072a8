"""StatBank tables by BULK, asked for again only where Statistics Denmark has updated them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from connectors.base import NATIONAL, Item, Passed, Refused, Request
from connectors.configuration import FileStream
from connectors.errors import ConfigError, RequestRefusedError, UnexpectedContentError
from connectors.http import Client
from connectors.known import KnownDelivery
from connectors.profiled import downloaded, profile_digest, stream_profile
from connectors.statbank.catalogue import explain_refusal
from connectors.statbank.description import Description, choose, read_description
from connectors.statbank.tables import Table

REVISED = 2  # annual figures are revised while they are among the two newest


@dataclass(frozen=True)
class _Wanted:
    """What one pull wants of one table. `choice` tells two selections of values apart."""

    table: Table
    about: Description
    values: dict[str, list[str]]
    choice: str
    periods: list[str]


def table_fetcher(tables: Sequence[Table]) -> Callable[[Request], Iterator[Item]]:
    """The way into these tables: a stream each."""
    by_stream = {table.stream_name: table for table in tables}

    def fetch_table(request: Request) -> Iterator[Item]:
        """What is new in one table."""
        table = by_stream[request.stream.name]
        if _is_wanted(table, request):
            with request.open_client() as client:
                yield from _fetch(client, table, request)

    return fetch_table


def _is_wanted(table: Table, request: Request) -> bool:
    named = request.section.only
    is_here = table.has_areas or request.municipality_code == NATIONAL
    if named and table.stream_name in named and not is_here:
        raise ConfigError(
            request.place(), f"{table.table_id} has no areas: it is the same for all", f"name it under {NATIONAL}"
        )
    return is_here and (table.stream_name in named if named else table.is_usual)


def _fetch(client: Client, table: Table, request: Request) -> Iterator[Item]:
    wanted = _want(table, _describe(client, table, request), request)
    for periods in [[period] for period in wanted.periods] if table.yearly else [wanted.periods]:
        span = "-".join(dict.fromkeys((periods[0], periods[-1])))
        profile = stream_profile(request, f"{table.table_id}_{span}.csv")
        label = f"{table.table_id} {span} {wanted.choice} "
        known = _find_known(request, profile, label, wanted, span)
        if known:
            yield Passed(profile.files, known)
            continue
        path = request.scratch / profile.files
        client.download("data", path, body=_query(wanted, periods))
        item = downloaded(request, profile, path, label + wanted.about.updated)
        yield item if isinstance(item, Refused) else replace(
            item, window=_year(span) if table.yearly else None, warnings=(*item.warnings, *_warnings(wanted))
        )  # fmt: skip


def _describe(client: Client, table: Table, request: Request) -> Description:
    try:
        answer = client.post_json("tableinfo", {"table": table.table_id, "format": "JSON", "lang": "da"})
    except RequestRefusedError as refusal:
        raise explain_refusal(client, table.table_id, request.place(), refusal) from None
    return read_description(answer, request.place())


def _want(table: Table, about: Description, request: Request) -> _Wanted:
    code = request.municipality_code
    areas = table.areas if code == NATIONAL else (code.lstrip("0"),)
    values = choose(table, about, areas, request.place())
    choice = sha256(repr(sorted(values.items())).encode()).hexdigest()[:12]
    return _Wanted(table, about, values, choice, _periods(table, about, request))


def _periods(table: Table, about: Description, request: Request) -> list[str]:
    """Periods wanted, the oldest first. `since` may add older ones than usual, never take any away."""
    periods = sorted(period for period in about.time.values if period.endswith(table.period_ending))
    if table.yearly and any(not re.fullmatch(r"\d{4}", period) for period in periods):
        raise UnexpectedContentError(
            request.place(), f"table {table.table_id} is declared as annual and has other periods", "correct it"
        )
    first = str(request.section.first_year or "")
    wanted = [period for period in periods if period >= first]
    if not first and table.newest:
        wanted = wanted[-table.newest :]
    if request.since is not None:
        wanted = [period for period in periods if period in wanted or period >= str(request.since.year)]
    if not wanted:
        raise UnexpectedContentError(request.place(), "the table has no year from first_year on", "lower first_year")
    return wanted


def _find_known(request: Request, profile: FileStream, label: str, wanted: _Wanted, span: str) -> KnownDelivery | None:
    """The delivery that makes a call needless: of this update or, for a year that is no longer revised, of any.

    A year that a person asks for with `since` counts as one that may have been revised.
    """
    digest = profile_digest(request, profile)
    known = request.known.find_version(label + wanted.about.updated, digest)
    is_asked_for = request.since is not None and span >= str(request.since.year)
    if known or not wanted.table.yearly or span in wanted.periods[-REVISED:] or is_asked_for:
        return known
    current = (row for row in request.known.rows if row.state == "landed" and row.profile_sha256 == digest)
    return next((row for row in current if (row.source_version or "").startswith(label)), None)


def _query(wanted: _Wanted, periods: list[str]) -> dict[str, Any]:
    chosen = [*wanted.values.items(), (wanted.about.time.name, periods)]
    return {
        "table": wanted.table.table_id, "format": "BULK", "lang": "da", "valuePresentation": "Code",
        "delimiter": "Semicolon", "variables": [{"code": code, "values": values} for code, values in chosen],
    }  # fmt: skip


def _year(period: str) -> tuple[date, date]:
    return date(int(period), 1, 1), date(int(period) + 1, 1, 1)


def _warnings(wanted: _Wanted) -> tuple[str, ...]:
    ended = f"statbank: table {wanted.table.table_id} is no longer kept up by Statistics Denmark"
    return () if wanted.about.is_active else (ended,)
