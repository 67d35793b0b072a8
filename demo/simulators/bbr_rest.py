"""BBR's old REST service, BBRPublic: bare arrays, numbered pages, user and password in the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from demo.simulators.service import Asked, Reply, as_json

BASE = "/BBR/BBRPublic/1/rest"


class BbrPublic:
    """Answers from `records` by method, for example `bygning`. Null fields are to be left out, as the service does."""

    def __init__(self, records: Mapping[str, Sequence[Mapping[str, Any]]], user: str, password: str) -> None:
        """`user` and `password` are what callers must send."""
        self._records, self._user, self._password = records, user, password

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request; without a valid user it is 403, as of the service."""
        query = asked.query
        if (query.get("username"), query.get("password")) != (self._user, self._password):
            return as_json(403, {"message": "Forbidden"})
        method = asked.path.removeprefix(f"{BASE}/")
        if asked.method != "GET" or method not in self._records or query.get("format") != "JSON":
            return as_json(404, {"message": "Not found"})
        page, size = int(query.get("page", "1")), int(query.get("pagesize", "100"))
        codes = query.get("Kommunekode", "").split("|")
        found = [record for record in self._records[method] if record["kommunekode"] in codes]
        return as_json(200, found[(page - 1) * size : page * size])
