"""Pages of a cube of the education statistics, spooled, as one delivery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from connectors.base import NATIONAL, Item, Request
from connectors.errors import ConfigError, RepeatedPageError, UnexpectedContentError
from connectors.http import Client
from connectors.profiled import FoundFile, plain_delivery, profile_digest, stream_profile

MUNICIPALITY = "Beliggenhedskommune"
DETAIL = (
    "[Institution].[Institutionsnummer]", "[Institution].[Institution]", f"[Institution].[{MUNICIPALITY}]",
    "[Skoleår].[Skoleår]",
)  # fmt: skip
MEASURE = "Antal elever"
MOST_PAGES = 1000


def show_key(client: Client) -> str:
    """What the service wants in the header: the key is the token."""
    return f"Bearer {client.connection.key}"


def fetch_pupils(request: Request) -> Iterator[Item]:
    """Every cell of the cube for the municipality, or for all of them."""
    names = _municipality_names(request)
    columns = request.stream.raw_columns
    state = request.spool.resume(f"{request.stream.path} {names}", columns)
    if not state.get("done"):
        with request.open_client() as client:
            _spool_pages(client, request, names, state)
    profile = stream_profile(
        request, f"{request.stream.name}.csv", delimiter=",", columns={column: column for column in columns}
    )
    file = FoundFile(request.spool.path, (0, profile.files), None)
    yield plain_delivery(request, profile, file, profile_digest(request, profile), None)


def _municipality_names(request: Request) -> list[str]:
    if request.municipality_code == NATIONAL:
        return []
    if not request.section.name_in_source:
        raise ConfigError(
            request.place(), "name_in_source is missing: the statistics know municipalities by name only",
            "set it to the name as they spell it: København, not Københavns Kommune",
        )  # fmt: skip
    return [request.section.name_in_source]


def _spool_pages(client: Client, request: Request, names: list[str], state: dict[str, Any]) -> None:
    """Pages from 1 until one is empty; how long a page is, is the service's business."""
    seen: list[str] = list(state.get("seen", []))
    for number in range(len(seen) + 1, MOST_PAGES + 1):
        rows = [_row(cell, request, names) for cell in _ask(client, request, names, number)]
        if not rows:
            _refuse_nothing(request, names, seen)
            request.spool.append([], {"seen": seen, "done": True})
            return
        digest = sha256(repr(rows).encode()).hexdigest()
        if digest in seen:
            raise RepeatedPageError(request.place(), "the same page came twice", "tell the source's owner")
        seen.append(digest)
        request.spool.append(rows, {"seen": seen})
    raise RepeatedPageError(request.place(), f"more than {MOST_PAGES} pages", "tell the source's owner")


def _ask(client: Client, request: Request, names: list[str], number: int) -> list[Any]:
    area, topic, subtopic = request.stream.path.split("/")
    body: dict[str, Any] = {
        "område": area, "emne": topic, "underemne": subtopic, "nøgletal": [MEASURE], "detaljering": list(DETAIL),
        "indlejret": False, "tomme_rækker": False, "formattering": "json", "side": number,
    }  # fmt: skip
    if names:
        body["filtre"] = {f"[Institution].[{MUNICIPALITY}]": names}
    answer = client.post_json("statistik", body)
    if not isinstance(answer, list):
        problem = f"the answer to page {number} is not a list of cells"
        raise UnexpectedContentError(request.place(), problem, "check the address of the connection")
    return answer


def _row(cell: Any, request: Request, names: list[str]) -> list[str]:
    """Texts in the order of the raw columns. A field is known by the last part of its name."""
    fields = cell.items() if isinstance(cell, dict) else ()
    given = {re.sub(r".*\[(.*)\]$", r"\1", name): value for name, value in fields}
    missing = [name for name in request.stream.columns if name not in given]
    if missing:
        problem = f"a cell of the answer has no {missing[0]}"
        raise UnexpectedContentError(request.place(), problem, "tell the data engineers: the cube has changed")
    if names and given[MUNICIPALITY] not in names:
        problem = "the answer has schools of another municipality than name_in_source"
        raise UnexpectedContentError(request.place(), problem, "correct name_in_source, or tell the source's owner")
    return ["" if given[name] is None else str(given[name]) for name in request.stream.columns]


def _refuse_nothing(request: Request, names: list[str], seen: list[str]) -> None:
    if not seen:
        whom = names[0] if names else "the whole country"
        advice = "correct name_in_source: København, not Københavns Kommune" if names else "pull again later"
        raise UnexpectedContentError(request.place(), f"the statistics have no schools of {whom}", advice)
