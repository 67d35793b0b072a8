"""openMAINT's REST API (CMDBuild, version 3): sessions, cards of classes and instances of processes."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.simulators.service import Asked, Reply, Throttle, as_json

BASE = "/openmaint/services/rest/v3"
RETRY_AFTER = "1"
LISTS = re.compile(r"(classes|processes)/(\w+)/(cards|instances|attributes)")
WORDS = {400: "bad argument", 401: "access denied", 404: "not found", 429: "too many requests", 500: "error"}
ALWAYS = ("_id", "_type", "_user", "_beginDate")


@dataclass
class Installation:
    """Classes and processes with their cards; every attribute that one card of a class has, the class has."""

    login: str
    password: str
    classes: Mapping[str, list[dict[str, Any]]]
    processes: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    calls_per_session: int = 0  # a session ends after so many; 0: never


class OpenMaint:
    """Answers for one installation."""

    def __init__(self, installation: Installation, throttle_every: int = 0) -> None:
        """`throttle_every`: one request in so many is answered 429; 0 = never."""
        self._installation = installation
        self._throttle = Throttle(throttle_every)
        self.sessions: dict[str, int] = {}

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        if self._throttle.is_over():
            return _failure(429, Retry_After=RETRY_AFTER)
        path = asked.path.removeprefix(f"{BASE}/").rstrip("/")
        if asked.method == "POST" and path == "sessions":
            return self._log_in(asked)
        session = asked.headers.get("cmdbuild-authorization", "")
        if not self._is_open(session):
            return _failure(401)
        if asked.method == "DELETE" and path == "sessions/current":
            del self.sessions[session]
            return as_json(200, {"success": True})
        match = LISTS.fullmatch(path)
        if asked.method != "GET" or match is None:
            return _failure(404)
        return self._list(match[1], match[2], match[3], asked.query)

    def _log_in(self, asked: Asked) -> Reply:
        if asked.query.get("scope") not in ("service", "ui"):
            return _failure(400)
        try:
            given = json.loads(asked.body)
        except ValueError:
            return _failure(400)
        if (given.get("username"), given.get("password")) != (self._installation.login, self._installation.password):
            return _failure(401)
        session = secrets.token_hex(12)
        self.sessions[session] = 0
        shown = {"_id": session} if asked.query.get("returnId") == "true" else {}
        return as_json(200, {"success": True, "data": {**shown, "username": given["username"]}})

    def _is_open(self, session: str) -> bool:
        if session not in self.sessions:
            return False
        self.sessions[session] += 1
        limit = self._installation.calls_per_session
        if limit and self.sessions[session] > limit:
            del self.sessions[session]
            return False
        return True

    def _list(self, kind: str, name: str, what: str, query: dict[str, str]) -> Reply:
        known = self._installation.classes if kind == "classes" else self._installation.processes
        if name not in known or (what != "attributes" and (what == "cards") != (kind == "classes")):
            return _failure(404)
        attributes = list(dict.fromkeys(a for card in known[name] for a in card if not a.startswith("_")))
        if what == "attributes":
            data = [{"_id": attribute, "name": attribute} for attribute in attributes]
            return as_json(200, {"success": True, "data": data, "meta": {"total": len(data)}})
        return _cards(known[name], attributes, query)


def _cards(cards: list[dict[str, Any]], attributes: list[str], query: dict[str, str]) -> Reply:
    start, limit = query.get("start", "0"), query.get("limit") or str(len(cards))
    if not (start.isdigit() and limit.isdigit()):
        return _failure(400)
    wanted = [name for name in query.get("attrs", "").split(",") if name] or attributes
    if set(wanted) - set(attributes):
        return _failure(500)
    shown = [_card(card, wanted) for card in cards[int(start) : int(start) + int(limit)]]
    return as_json(200, {"success": True, "data": shown, "meta": {"total": len(cards)}})


def _card(card: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    """The attributes asked for, with what describes them (`_Condition_code`), and what every card has."""
    described = tuple(f"_{name}_" for name in wanted)
    return {n: v for n, v in card.items() if n in wanted or n in ALWAYS or n.startswith(described)}


def _failure(status: int, **headers: str) -> Reply:
    """An error as this service words it; maintenance and start-up answer in the same shape."""
    messages = [{"level": "ERROR", "show_user": True, "message": WORDS[status]}]
    return as_json(status, {"success": False, "messages": messages}, **headers)
