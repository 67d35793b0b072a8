"""StatBank with one table, FOLK1A: tableinfo and data (BULK and CSV), no key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from demo.simulators.service import Asked, Reply, Throttle, as_json

BASE = "/v1"
TABLE = "FOLK1A"
UPDATED = "2026-02-11T08:00:00"
RETRY_AFTER = "1"
BOM = "\ufeff"
# How a population splits; the parts of each total sum to it.
SEXES = {"1": ("Mænd", 497), "2": ("Kvinder", 503)}
MARITAL = {"U": ("Ugift", 490), "G": ("Gift/separeret", 370), "E": ("Enke/enkemand", 50), "F": ("Fraskilt", 90)}
AGES = {str(age): (f"{age} år", 12 if age < 70 else 5) for age in range(100)}
TOTALS = {"KØN": ("TOT", "I alt"), "ALDER": ("IALT", "Alder i alt"), "CIVILSTAND": ("TOT", "I alt")}
SPLITS: dict[str, Mapping[str, tuple[str, int]]] = {"KØN": SEXES, "ALDER": AGES, "CIVILSTAND": MARITAL}
ORDER = ("OMRÅDE", "KØN", "ALDER", "CIVILSTAND", "Tid")
TEXTS = {"OMRÅDE": "område", "KØN": "køn", "ALDER": "alder", "CIVILSTAND": "civilstand", "Tid": "tid"}


class StatBank:
    """Answers for one folder that holds `folk1a.json`: inhabitants per area and quarter."""

    def __init__(self, folder: Path, throttle_every: int) -> None:
        """`throttle_every`: one request in so many is answered 429; 0 = never."""
        self._throttle = Throttle(throttle_every)
        self._people: dict[str, dict[str, int]] = json.loads((folder / "folk1a.json").read_text(encoding="utf-8"))
        self._values = self._list_values()

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        if self._throttle.is_over():
            return as_json(429, {"message": "Too many requests"}, Retry_After=RETRY_AFTER)
        if asked.method != "POST" or asked.path not in (f"{BASE}/tableinfo", f"{BASE}/data"):
            return _error(404, "REQUEST-NOTFOUND", "No such function.")
        try:
            query = json.loads(asked.body)
            table = str(query.get("table", "")).upper()
        except (ValueError, AttributeError):
            return _error(400, "REQUEST-FORMAT", "The request is not JSON.")
        if table != TABLE:
            return _error(400, "EXTRACT-NOTFOUND", "The table was not found.")
        if asked.path == f"{BASE}/tableinfo":
            return self._describe()
        return self._extract(query)

    def _list_values(self) -> dict[str, dict[str, str]]:
        values = {"OMRÅDE": {code: _area_name(code) for code in self._people}}
        for name, split in SPLITS.items():
            total, text = TOTALS[name]
            values[name] = {total: text} | {code: label for code, (label, _) in split.items()}
        periods = next(iter(self._people.values()))
        return values | {"Tid": {period: period for period in periods}}

    def _describe(self) -> Reply:
        variables = [
            {
                "id": name,
                "text": TEXTS[name],
                "elimination": name != "Tid",
                "time": name == "Tid",
                "values": [{"id": code, "text": text} for code, text in self._values[name].items()],
            }
            for name in ORDER
        ]
        return as_json(
            200,
            {
                "id": TABLE,
                "text": "Befolkningen den 1. i kvartalet (fiktiv)",
                "description": "Befolkningen den 1. i kvartalet efter område, køn, alder, civilstand og tid",
                "unit": "Antal",
                "suppressedDataValue": "0",
                "updated": UPDATED,
                "active": True,
                "contacts": [],
                "documentation": None,
                "footnote": None,
                "variables": variables,
            },
        )

    def _extract(self, query: dict[str, Any]) -> Reply:
        form = str(query.get("format", "")).upper()
        if form not in ("BULK", "CSV"):
            return _error(400, "EXTRACT-FORMAT", "The format is not supported.")
        chosen = {str(v.get("code", "")).upper(): v.get("values") or [] for v in query.get("variables") or []}
        strange = chosen.keys() - {name.upper() for name in ORDER}
        missing = [name for name in ORDER if name.upper() not in chosen]
        # BULK does no sums: each variable has to be given. CSV sums the ones left out.
        if strange or "TID" not in chosen or (missing and form == "BULK"):
            return _error(400, "EXTRACT-VARIABLES", "A variable is missing or unknown.")
        picked = [self._pick(name, chosen.get(name.upper())) for name in ORDER]
        if any(values is None for values in picked):
            return _error(400, "EXTRACT-VALUES", "A value was not found.")
        as_text = str(query.get("valuePresentation", "Value")).upper() != "CODE"
        lines = [";".join([*(name.upper() for name in ORDER), "INDHOLD"])]
        lines += self._lines([values or [] for values in picked], as_text)
        return Reply(200, (BOM + "\r\n".join(lines) + "\r\n").encode(), "text/csv; charset=utf-8")

    def _pick(self, name: str, wanted: list[str] | None) -> list[str] | None:
        known = self._values[name]
        if wanted is None:
            return [TOTALS.get(name, ("000", ""))[0]]
        codes: list[str] = []
        for value in wanted:
            if value == "*":
                codes.extend(known)
            elif value in known:
                codes.append(value)
            else:
                return None
        return codes or None

    def _lines(self, picked: list[list[str]], as_text: bool) -> Iterator[str]:
        for codes in product(*picked):
            area, sex, age, marital, period = codes
            people = _part(self._people[area][period], SPLITS["KØN"], sex)
            people = _part(_part(people, SPLITS["ALDER"], age), SPLITS["CIVILSTAND"], marital)
            shown = [self._values[name][code] if as_text else code for name, code in zip(ORDER, codes, strict=True)]
            yield ";".join([*shown, str(people)])


def _part(total: int, split: Mapping[str, tuple[str, int]], code: str) -> int:
    """The share of one value; the shares of all values sum to the total. A code outside the split is the total."""
    if code not in split:
        return total
    whole = sum(weight for _, weight in split.values())
    before = 0
    for known, (_, weight) in split.items():
        if known == code:
            return total * (before + weight) // whole - total * before // whole
        before += weight
    return 0


def _area_name(code: str) -> str:
    names = {"000": "Hele landet", "910": "Hovedstadskommuner", "991": "Eksempelby", "992": "Prøvekøbing"}
    return names.get(code, "Øvelsesborg")


def _error(status: int, code: str, message: str) -> Reply:
    return as_json(status, {"errorTypeCode": code, "message": message})
