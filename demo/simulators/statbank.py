"""StatBank: subjects, tables, tableinfo and data (BULK and CSV), by POST, the lists by GET too; no key.

BULK wants every variable and leaves out cells that hold nothing; CSV sums over variables that may be left out, up to a
million cells. Errors are those of the real service.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from demo.simulators.service import Asked, Reply, Throttle, as_json
from demo.simulators.statbank_tables import SimulatedTable, read_tables

BASE = "/v1"
RETRY_AFTER = "1"
BOM = "\ufeff"
MOST_CELLS = 1_000_000


class RefusedError(Exception):
    """An error of the service: its type and its message."""


class StatBank:
    """Answers for one folder that holds `folk1a.json`, `tables.json` or both."""

    def __init__(self, folder: Path, throttle_every: int) -> None:
        """`throttle_every`: one request in so many is answered 429; 0 = never."""
        self._throttle = Throttle(throttle_every)
        self._tables = read_tables(folder)
        self._functions = {
            "subjects": self._list_subjects, "tables": self._list_tables, "tableinfo": self._describe,
            "data": self._extract,
        }  # fmt: skip

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        if self._throttle.is_over():
            return as_json(429, {"message": "Too many requests"}, Retry_After=RETRY_AFTER)
        name = asked.path.removeprefix(f"{BASE}/")
        if name not in self._functions or asked.method not in ("GET", "POST"):
            return as_json(404, {"errorTypeCode": "REQUEST-NOTFOUND", "message": "No such function."})
        try:
            return self._functions[name](_read(asked))
        except RefusedError as error:
            kind, message = error.args
            return as_json(400, {"errorTypeCode": kind, "message": message})

    def _list_subjects(self, query: Mapping[str, Any]) -> Reply:
        with_tables = bool(query.get("recursive")) and bool(query.get("includeTables"))
        names = sorted({table.subject for table in self._tables.values()})
        return as_json(200, [
            {
                "id": str(number), "description": name, "active": True, "hasSubjects": False, "subjects": [],
                "tables": [one.list() for one in self._tables.values() if with_tables and one.subject == name],
            }
            for number, name in enumerate(names, start=1)
        ])  # fmt: skip

    def _list_tables(self, query: Mapping[str, Any]) -> Reply:
        shown = [one for one in self._tables.values() if one.is_active or query.get("includeInactive")]
        return as_json(200, [table.list() for table in shown])

    def _describe(self, query: Mapping[str, Any]) -> Reply:
        return as_json(200, self._find(query).describe())

    def _find(self, query: Mapping[str, Any]) -> SimulatedTable:
        table = self._tables.get(str(query.get("table") or query.get("id") or "").upper())
        if table is None:
            raise RefusedError("EXTRACT-NOTFOUND", "Tabellen blev ikke fundet")
        return table

    def _extract(self, query: Mapping[str, Any]) -> Reply:
        table, form = self._find(query), str(query.get("format", "")).upper()
        if form not in ("BULK", "CSV"):
            raise RefusedError("REQUEST-FORMAT", "Formatet understøttes ikke")
        chosen = {str(v.get("code", "")).upper(): v.get("values") or [] for v in query.get("variables") or []}
        if chosen.keys() - {name.upper() for name in table.values}:
            raise RefusedError("EXTRACT-NOTFOUND", "Variablen blev ikke fundet")
        picked = [_pick(table, name, chosen.get(name.upper()), form) for name in table.values]
        if form == "CSV" and prod(map(len, picked)) > MOST_CELLS:
            raise RefusedError("REQUEST-LIMIT", "Forespørgslen returnerer for mange observationer")
        as_text = str(query.get("valuePresentation", "Value")).upper() != "CODE"
        lines = [";".join([*(name.upper() for name in table.values), "INDHOLD"])]
        lines += _lines(table, picked, as_text, point=query.get("lang") == "en")
        return Reply(200, (BOM + "\r\n".join(lines) + "\r\n").encode(), "text/csv; charset=utf-8")


def _read(asked: Asked) -> Mapping[str, Any]:
    if asked.method == "GET":
        return asked.query
    try:
        query = json.loads(asked.body or b"{}")
    except ValueError:
        query = None
    if not isinstance(query, dict):
        raise RefusedError("REQUEST-FORMAT", "The request is not JSON.")
    return query


def _pick(table: SimulatedTable, name: str, wanted: list[str] | None, form: str) -> list[str]:
    known = table.values[name]
    if wanted is None and form == "CSV" and name in table.totals:
        return [table.totals[name]]
    if not wanted:
        raise RefusedError("EXTRACT-NOTALLOWED", f"Der skal vælges værdier for variabel: {name}")
    codes = [code for value in wanted for code in (known if value == "*" else [value])]
    if not set(codes) <= known.keys():
        raise RefusedError("EXTRACT-NOTFOUND", "Værdien blev ikke fundet")
    return codes


def _lines(table: SimulatedTable, picked: list[list[str]], as_text: bool, *, point: bool) -> Iterator[str]:
    for codes in product(*picked):
        written = table.cell(codes)
        if written is not None:
            named = zip(table.values.values(), codes, strict=True)
            shown = [texts[code] if as_text else code for texts, code in named]
            yield ";".join([*shown, written.replace(",", ".") if point else written])
