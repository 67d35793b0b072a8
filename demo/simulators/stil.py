"""Education statistics with one cube, GS/ELEV/ELEVEX: POST statistik with a Bearer key, pages by `side`.

Cells under three are left out. Values are texts as a Dane writes them.
"""

from __future__ import annotations

import json
from typing import Any

from demo.simulators.service import Asked, Reply, Throttle, as_json

BASE = "/Api/v1"
CUBE = ("GS", "ELEV", "ELEVEX")
MEASURE = "Antal elever"
NUMBER, NAME, TOWN = ("[Institution].[Institutionsnummer]", "[Institution].[Institution]",
                      "[Institution].[Beliggenhedskommune]")  # fmt: skip
YEAR = "[Skoleår].[Skoleår]"
DIMENSIONS = (NUMBER, NAME, TOWN, YEAR)
FEWEST = 3
PAGE = 1000
# institution number, name, municipality, school year, pupils
Cell = tuple[str, str, str, str, int]


class EducationStatistics:
    """Answers for a list of cells."""

    def __init__(self, cells: list[Cell], key: str, throttle_every: int = 0, page_size: int = PAGE) -> None:
        """`throttle_every`: one request in so many is answered 429; 0 = never."""
        self._cells = cells
        self._key = key
        self._throttle = Throttle(throttle_every)
        self._page_size = page_size

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        if self._throttle.is_over():
            return as_json(429, {"title": "Too Many Requests", "status": 429}, Retry_After="1")
        if asked.headers.get("authorization") != f"Bearer {self._key}":
            return as_json(401, {"title": "Unauthorized", "status": 401})
        if (asked.method, asked.path) != ("POST", f"{BASE}/statistik"):
            return as_json(404, {"title": "Not Found", "status": 404})
        try:
            body = json.loads(asked.body)
        except ValueError:
            return _bad("The request is not JSON.")
        return self._answer(body) if isinstance(body, dict) else _bad("The request is not an object.")

    def _answer(self, body: dict[str, Any]) -> Reply:
        if tuple(body.get(name) for name in ("område", "emne", "underemne")) != CUBE:
            return _bad("The cube was not found.")
        detail, measures = body.get("detaljering") or [], body.get("nøgletal") or []
        if measures != [MEASURE] or not detail or not set(detail) <= set(DIMENSIONS):
            return _bad("A measure or dimension was not found.")
        towns = (body.get("filtre") or {}).get(TOWN)
        shown = [cell for cell in self._cells if cell[4] >= FEWEST and (towns is None or cell[2] in towns)]
        start = (max(int(body.get("side", 1)), 1) - 1) * self._page_size
        return as_json(200, [_written(cell, detail) for cell in shown[start : start + self._page_size]])


def _written(cell: Cell, detail: list[str]) -> dict[str, str]:
    values = dict(zip(DIMENSIONS, cell[:4], strict=True))
    # [Skoleår].[Skoleår] is answered as [Skoleår].[Skoleår].[Skoleår].
    fields = {f"{name}.{name.rpartition('.')[2]}": values[name] for name in detail}
    return fields | {MEASURE: f"{cell[4]:,}".replace(",", ".")}


def _bad(title: str) -> Reply:
    return as_json(400, {"title": title, "status": 400})
