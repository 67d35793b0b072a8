"""Dalux FM: pages of the list envelope, in version 2 and in version 1, as rows of allow-listed fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from connectors.base import Item, Request
from connectors.errors import UnexpectedContentError
from connectors.paging import Page, bookmark_page
from connectors.records import RecordReader, check_user_fields, plain_text
from connectors.spooled import PagedPull

LIMIT = 100  # the most that Dalux gives in a page
# Version 1 is one version of all and calls some lists otherwise.
PATHS_V1 = {"asset_classifications": "assetClassifications", "workorder_teams": "workorders/teams"}
CVR = re.compile(r"\d{8}")


def fetch_v2(request: Request) -> Iterator[Item]:
    """All records of the stream; each list has a version of its own."""
    yield from _fetch(request, request.stream.path)


def fetch_v1(request: Request) -> Iterator[Item]:
    """All records of the stream by the older API."""
    yield from _fetch(request, PATHS_V1.get(request.stream.name, request.stream.name))


def _fetch(request: Request, path: str) -> Iterator[Item]:
    user_fields = request.section.user_fields
    check_user_fields(request.source, user_fields, request.place())
    reader = RecordReader(request.stream, user_fields, {"organisation_no": only_company_number})
    with request.open_client() as client:

        def ask(bookmark: str | None) -> Page:
            more = {"bookmark": bookmark} if bookmark else {}
            answer = client.get_json(path, {"limit": str(LIMIT), **more})
            return bookmark_page(answer, request.place(), limit=LIMIT)

        def read(item: Any) -> list[str]:
            record = _record(item, request)
            return reader.read(record, own_fields(record.get("userDefinedFields")))

        yield from PagedPull(request, ask, read).run((path, sorted(user_fields.items())))


def _record(item: Any, request: Request) -> dict[str, Any]:
    """What the envelope holds; a few lookup lists have none."""
    record = item.get("data", item) if isinstance(item, dict) else None
    if not isinstance(record, dict):
        raise UnexpectedContentError(request.place(), "an item holds no record", "check the address of the connection")
    return record


def own_fields(given: Any) -> dict[str, str]:
    """User-defined fields by name, from both forms in use: version 2's lists of values and version 1's value."""
    items = given.get("items") if isinstance(given, dict) else given
    fields: dict[str, str] = {}
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            values = item.get("values")
            texts = [value.get("text") for value in values] if isinstance(values, list) else [item.get("value")]
            fields[item["name"].strip()] = "; ".join(plain_text(text) for text in texts if text is not None)
    return fields


def only_company_number(text: str) -> str:
    """The CVR number; whatever else stands there may be a person's number."""
    digits = re.sub(r"^DK|[\s.-]", "", text.strip().upper())
    return digits if CVR.fullmatch(digits) else ""
