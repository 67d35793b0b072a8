"""Dalux FM: records of the list envelope as rows of allow-listed fields."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.base import Item, Request, Stream
from connectors.errors import ConfigError, UnexpectedContentError
from connectors.paging import by_bookmark
from connectors.profiled import FoundFile, plain_delivery, profile_digest, stream_profile

LIMIT = 100  # the most that Dalux gives in a page
OWN = "user_fields."


def fetch_records(request: Request) -> Iterator[Item]:
    """All records of the stream, each id once: a long pull meets changed records again, the first is the newest."""
    _check_user_fields(request)
    path = request.scratch / f"{request.stream.name}.csv"
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(request.stream.raw_columns)
        writer.writerows(_rows(request))
    columns = {column: column for column in request.stream.raw_columns}
    profile = stream_profile(request, path.name, columns=columns)
    digest = profile_digest(request, profile)
    yield plain_delivery(request, profile, FoundFile(path, (0, path.name), None), digest, None)


def _check_user_fields(request: Request) -> None:
    own = {path.removeprefix(OWN) for stream in request.source.streams for path in stream.columns if OWN in path}
    strange = request.section.user_fields.keys() - own
    if strange:
        raise ConfigError(
            request.place(), f"user_fields has no use for {sorted(strange)[0]}", f"it knows {', '.join(sorted(own))}"
        )


def _rows(request: Request) -> Iterator[list[str]]:
    seen: set[str] = set()
    with request.open_client() as client:

        def fetch(bookmark: str | None) -> Any:
            more = {"bookmark": bookmark} if bookmark else {}
            return client.get_json(request.stream.path, {"limit": str(LIMIT), **more})

        for item in by_bookmark(fetch, request.place(), limit=LIMIT):
            record = item.get("data", item) if isinstance(item, dict) else None
            if not isinstance(record, dict):
                raise UnexpectedContentError(
                    request.place(), "an item holds no record", "check the address of the connection"
                )
            row = _row(record, request.stream, request.section.user_fields)
            if row[0] not in seen:
                yield row
            seen.add(row[0])


def _row(record: dict[str, Any], stream: Stream, user_fields: Mapping[str, str]) -> list[str]:
    """Texts in the order of the raw columns; the id comes first."""
    own = _own_fields(record.get("userDefinedFields"))
    row = []
    for path in stream.columns:
        if path.startswith(OWN):
            row.append(own.get(user_fields.get(path.removeprefix(OWN), ""), ""))
        else:
            row.append(_text(_follow(record, path)))
    return row


def _follow(record: Any, path: str) -> Any:
    for part in path.split("."):
        record = record.get(part) if isinstance(record, dict) else None
    return record


def _own_fields(given: Any) -> dict[str, str]:
    """User-defined fields by name, from both forms in use: version 2's lists of values and version 1's value."""
    items = given.get("items") if isinstance(given, dict) else given
    fields: dict[str, str] = {}
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            values = item.get("values")
            texts = [value.get("text") for value in values] if isinstance(values, list) else [item.get("value")]
            fields[item["name"]] = "; ".join(_text(text) for text in texts if text is not None)
    return fields


def _text(value: Any) -> str:
    """As the source wrote it: 0.0 stays 0.0, true stays true, an absent value is empty."""
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
