"""Datafordeleren's GraphQL, version 3, for the one form of query that bulk users send: root, filters, page, nodes.

Errors come with HTTP 200 and a code, as the service sends them; the key is a query parameter and nothing else.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from demo.simulators.service import Asked, Reply, as_json

BASE = "/BBR/v3"
MOST = 1000
LONGEST_LIST = 100
HEAD = re.compile(
    r"query\((?P<variables>[^)]*)\)\{(?P<root>\w+)\((?P<arguments>.*?)\)"
    r"\{pageInfo\{.*?\} ?nodes\{(?P<nodes>.*)\}\}\}"
)
FILTER = re.compile(r"(\w+):\{(eq|in):\$(\w+)\}")
Records = Sequence[Mapping[str, Any]]


class GraphQL:
    """Answers from `records` by root field, for example `BBR_Bygning`; `largest` is the most nodes of a page."""

    def __init__(self, records: Mapping[str, Records], key: str, largest: int = MOST) -> None:
        """`key` is what callers must send as apiKey."""
        self._records, self._key, self._largest = records, key, largest
        self.moments: list[str] = []  # of every page that was given

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        if asked.query.get("apiKey") != self._key:
            return as_json(401, {"message": "Unauthorized"})
        if asked.method != "POST":
            return as_json(405, {"message": "Method not allowed"})
        body = json.loads(asked.body)
        query, variables = str(body.get("query")), body.get("variables") or {}
        return self._refusal(query, variables) or self._page(query, variables)

    def _refusal(self, query: str, variables: dict[str, Any]) -> Reply | None:
        if "__schema" in query:
            return fault("HC0046", "Introspection is not allowed")
        match = HEAD.fullmatch(query)
        if not query.isascii() or match is None:
            return fault("HC0011", "Syntax error")
        if match["root"] not in self._records:
            return fault("DAF-AUTH-0001", "Not authorized")
        if "registreringstid:" not in match["arguments"] or "virkningstid:" not in match["arguments"]:
            return fault("DAF-GQL-0009", "A time argument is missing")
        if any(isinstance(value, list) and len(value) > LONGEST_LIST for value in variables.values()):
            return fault("DAF-GQL-0016", "Too many values")
        known = {name for record in self._records[match["root"]] for name in record}
        strange = set(re.sub(r"\{\w+\}", "", match["nodes"]).split()) - known
        return fault("HC0020", f"The field {sorted(strange)[0]} does not exist") if strange and known else None

    def _page(self, query: str, variables: dict[str, Any]) -> Reply:
        match = HEAD.fullmatch(query)
        assert match is not None
        filters = [(name, variables[variable]) for name, _, variable in FILTER.findall(match["arguments"])]
        found = [
            record
            for record in self._records[match["root"]]
            if all(str(record.get(name)) in (value if isinstance(value, list) else [value]) for name, value in filters)
        ]
        first = min(int(re.findall(r"first:(\d+)", match["arguments"])[0]), self._largest)
        start = int(base64.b64decode(variables["after"])) if variables.get("after") else 0
        nodes = re.sub(r"\{\w+\}", "", match["nodes"]).split()
        shown = [{name: record.get(name) for name in nodes} for record in found[start : start + first]]
        self.moments.append(str(variables.get("moment")))
        more = start + first < len(found)
        cursor = base64.b64encode(str(start + first).encode()).decode() if more else None
        connection = {"pageInfo": {"hasNextPage": more, "endCursor": cursor}, "nodes": shown}
        return as_json(200, {"data": {match["root"]: connection}})


def fault(code: str, message: str) -> Reply:
    """An error of the service: HTTP 200 and a code."""
    return as_json(200, {"errors": [{"message": message, "path": [], "extensions": {"code": code}}]})
