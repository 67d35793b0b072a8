"""BBR's old REST service, BBRPublic: numbered pages of nested records. It is being shut down.

Storeys, entrances, floors to share and case levels come only inside a building or a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

from connectors.base import Item, Request, Way
from connectors.errors import RepeatedPageError, UnexpectedContentError
from connectors.http import Client
from connectors.json_records import plain_text
from connectors.profiled import FoundFile, plain_delivery, profile_digest, stream_profile

PAGE = 1000  # 200 to 5000 have been used; the largest is not documented
PLAIN = {"delimiter": ",", "decimal": ".", "thousands": "", "encoding": "utf-8"}
METHODS = ("bygning", "enhed", "grund", "bbrsag", "ejendomsrelation", "tekniskanlaeg")
# stream -> method that has its records nested, the list, and the key of the record in an item of the list
NESTED = {
    "etage": ("bygning", "etageList", "etage"),
    "opgang": ("bygning", "opgangList", "opgang"),
    "fordelingsareal": ("bygning", "fordelingsarealList", "fordelingsareal"),
    "sagsniveau": ("bbrsag", "sagsniveauList", "sagsniveau"),
}


def fetch_rest(request: Request) -> Iterator[Item]:
    """Every record of the municipality; user and password travel in the query."""
    columns = request.stream.raw_columns
    profile = stream_profile(request, "rows.csv", **{**request.stream.profile, **PLAIN},
                             columns={column: column for column in columns})  # fmt: skip
    digest = profile_digest(request, profile)
    state = request.spool.resume(f"rest {digest}", columns) or {"page": 1, "seen": ""}
    with request.open_client() as client:
        while not state.get("done"):
            state = _next_page(request, client, state)
    found = FoundFile(request.spool.path, (0, request.spool.path.name), None)
    delivery = plain_delivery(request, profile, found, digest, None)
    yield replace(delivery, file_name=f"BBR_{request.stream.path}_rest.csv")


def _next_page(request: Request, client: Client, state: dict[str, Any]) -> dict[str, Any]:
    method, listed, key = NESTED.get(request.stream.name, (request.stream.name, "", ""))
    page = client.get_json(
        method,
        {"username": client.connection.login or "", "format": "JSON", "page": str(state["page"]),
         "pagesize": str(PAGE), "Kommunekode": request.municipality_code, "MedDybde": "true" if listed else "false"},
    )  # fmt: skip
    if not isinstance(page, list) or not all(isinstance(record, dict) for record in page):
        raise UnexpectedContentError(request.place(), "the answer is no list of records", "check the address")
    seen = sha256(repr(page).encode()).hexdigest()
    if page and seen == state["seen"]:
        raise RepeatedPageError(request.place(), "the same page came twice", "tell the source's owner")
    records = [_unfolded(item, key) for record in page for item in record.get(listed) or []] if listed else page
    following = {"page": state["page"] + 1, "seen": seen, "done": len(page) < PAGE}
    request.spool.append([_row(request, record) for record in records], following)
    return following


def _unfolded(item: dict[str, Any], key: str) -> dict[str, Any]:
    """A nested record. The service spells the id of a case level `id_lokalid`."""
    inner = item.get(key)
    record: dict[str, Any] = inner if isinstance(inner, dict) else item
    return {"id_lokalId": item.get("id_lokalId") or item.get("id_lokalid"), **record}


def _row(request: Request, record: dict[str, Any]) -> list[str]:
    texts: dict[str, str] = {}
    for name, value in record.items():
        column = request.stream.columns.get(name)
        if column is not None and not texts.get(column):
            texts[column] = plain_text(value)
    return [texts.get(column, "") for column in request.stream.raw_columns]


REST = Way(
    "rest",
    fetch_rest,
    base_url="https://services.datafordeler.dk/BBR/BBRPublic/1/rest",
    auth="query",
    auth_name="password",
    streams=frozenset({*METHODS, *NESTED}),
    note="the old service, being shut down: only where nothing else is at hand; login and password of a service user",
)
