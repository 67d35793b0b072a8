"""openMAINT (CMDBuild): cards and process instances by start and limit, as rows of allow-listed attributes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from connectors.base import Item, Request
from connectors.errors import RequestRefusedError, UnexpectedContentError
from connectors.http import Client
from connectors.paging import Page, offset_page
from connectors.records import OWN, RecordReader, check_user_fields, own_names, plain_text
from connectors.spooled import PagedPull

LIMIT = 500
LOOKED_UP = ("_code", "_description", "_description_translation")


def log_in(client: Client) -> str:
    """The id of a new session; `scope` is mandatory, `returnId` puts the id into the answer."""
    given = {"username": client.connection.login, "password": client.connection.key}
    answer = client.post_json("sessions", given, {"scope": "service", "returnId": "true"})
    session = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(session, dict) or not session.get("_id"):
        raise UnexpectedContentError(client.place, "the log-in gave no session", "check the address of the connection")
    return str(session["_id"])


def fetch_cards(request: Request) -> Iterator[Item]:
    """All cards of the stream's class; of the class's attributes only those that are let in are asked for."""
    check_user_fields(request.source, request.section.user_fields, request.place())
    with request.open_client() as client:
        try:
            yield from _fetch(request, client)
        finally:
            client.log_out("sessions/current")


def _fetch(request: Request, client: Client) -> Iterator[Item]:
    stream, user_fields = request.stream, request.section.user_fields
    wanted = _wanted(request)
    kind = stream.path.rpartition("/")[0]  # classes/Building of classes/Building/cards
    known = {str(one.get("name") or one.get("_id")) for one in _data(client.get_json(f"{kind}/attributes"), request)}
    reader = RecordReader(stream, user_fields)

    def ask(start: str | None) -> Page:
        first = int(start or 0)
        asked = {"start": str(first), "limit": str(LIMIT), "attrs": ",".join(name for name in wanted if name in known)}
        answer = client.get_json(stream.path, {**asked, "sort": json.dumps([{"property": "Id", "direction": "ASC"}])})
        _data(answer, request)
        return offset_page(answer, request.place(), start=first)

    def read(card: Any) -> list[str]:
        if not isinstance(card, dict):
            raise UnexpectedContentError(request.place(), "an item holds no card", "check the address")
        return reader.read(card, _own(card))

    missing = sorted(set(wanted) - known)
    warnings = (f"{request.place()}: the class has no attribute {', '.join(missing)}",) if missing else ()
    yield from PagedPull(request, ask, read).run(sorted(user_fields.items()), warnings)


def _wanted(request: Request) -> list[str]:
    """Attributes to ask for: `_Condition_code` comes with Condition, `_id` always."""
    names = [name for name in request.stream.columns if not name.startswith((OWN, "_id", "_beginDate"))]
    plain = [name if not name.startswith("_") else name[1:].rpartition("_")[0] for name in names]
    fields = [name.removeprefix(OWN) for name in request.stream.columns if name.startswith(OWN)]
    own = [name for field in fields for name in own_names(request.stream, field, request.section.user_fields)]
    return list(dict.fromkeys(plain + own))


def _own(card: dict[str, Any]) -> dict[str, str]:
    """Attributes by name. A lookup's value is an id: what it stands for is beside it."""
    texts = {}
    for name, value in card.items():
        described = next((card[f"_{name}{end}"] for end in LOOKED_UP if card.get(f"_{name}{end}")), value)
        if not isinstance(described, dict | list) and described is not None:
            texts[name] = plain_text(described)
    return texts


def _data(answer: Any, request: Request) -> list[dict[str, Any]]:
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        if isinstance(answer, dict) and answer.get("success") is False:
            # Its messages are not repeated: they can hold names of users.
            raise RequestRefusedError(request.place(), "answered that the request failed", "check the user's rights")
        raise UnexpectedContentError(request.place(), "the answer has no list data", "check the address")
    return [one for one in answer["data"] if isinstance(one, dict)]
