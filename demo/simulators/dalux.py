"""Dalux FM's REST API, version 2: estates and buildings, key in a header, pages by bookmark."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from demo.simulators.service import Asked, Reply, Throttle, as_json

BASE = "/api"
LARGEST_PAGE = 100
RETRY_AFTER = "1"
ERRORS = {
    "E40101": (401, "InvalidApiKey"),
    "E40103": (401, "InvalidApiKeyHeader"),
    "E40001": (400, "InvalidParameter"),
    "E40401": (404, "NotFound"),
    "E42901": (429, "TooManyRequests"),
}


class DaluxTenant:
    """Answers for one folder that holds `estates.json` and `buildings.json`, in the order they are served."""

    def __init__(self, folder: Path, key: str, throttle_every: int) -> None:
        """`throttle_every`: one request in so many is answered 429; 0 = never."""
        self._key = key
        self._throttle = Throttle(throttle_every)
        self._items: dict[str, list[dict[str, Any]]] = {
            f"{BASE}/2.0/{name}": json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
            for name in ("estates", "buildings")
        }

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        key = asked.headers.get("x-api-key")
        if not key:
            return _error("E40103")
        if key != self._key:
            return _error("E40101")
        if self._throttle.is_over():
            return _error("E42901", Retry_After=RETRY_AFTER)
        if asked.method != "GET" or asked.path not in self._items:
            return _error("E40401")
        return _page(self._items[asked.path], asked.query)


def _page(items: list[dict[str, Any]], query: dict[str, str]) -> Reply:
    start = _offset(query.get("bookmark"))
    limit = query.get("limit", str(LARGEST_PAGE))
    if start is None or not limit.isdigit() or int(limit) < 1:
        return _error("E40001")
    end = start + min(int(limit), LARGEST_PAGE)
    metadata = {
        "totalItems": len(items),
        "bookmark": query.get("bookmark") or _bookmark(0),
        "nextBookmark": _bookmark(end) if end < len(items) else None,
    }
    shown = [{"data": item, "links": []} for item in items[start:end]]
    return as_json(200, {"items": shown, "metadata": metadata})


def _bookmark(offset: int) -> str:
    """An opaque text: a client that counts pages itself goes wrong with it."""
    return f"b{offset:x}"


def _offset(bookmark: str | None) -> int | None:
    if not bookmark:
        return 0
    try:
        return int(bookmark[1:], 16) if bookmark[0] == "b" else None
    except ValueError:
        return None


def _error(code: str, **headers: str) -> Reply:
    status, message = ERRORS[code]
    return as_json(status, {"errorCode": code, "errorCodeMessage": message}, **headers)
