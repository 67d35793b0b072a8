"""Dalux FM's REST API, versions 2 and 1: lists by bookmark, key in a header, one call at a time."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.simulators.service import Asked, Reply, Throttle, as_json

BASE = "/api"
LARGEST_PAGE = 100
RETRY_AFTER = "1"
ERRORS = {
    "E40101": (401, "InvalidApiKey"),
    "E40103": (401, "InvalidApiKeyHeader"),
    "E40104": (401, "ExpiredApiKey"),
    "E40301": (403, "Forbidden"),
    "E40001": (400, "InvalidParameter"),
    "E40401": (404, "NotFound"),
    "E42901": (429, "TooManyRequests"),
}
# Each list has a version of its own; a client that asks by another one finds nothing.
LISTS = {
    **{f"2.0/{name}": name for name in ("estates", "buildings", "floors", "rooms", "locations", "assets", "products")},
    **{f"2.0/{name}": name for name in ("documents", "tickets", "invoices", "companies", "checklists")},
    "2.1/lots": "lots",
    "2.2/workorders": "workorders",
    "2.0/assets/classifications": "asset_classifications",
    **{f"2.0/workorders/{name}": f"workorder_{name}" for name in ("statuses", "priorities", "teams", "templates")},
    **{f"2.0/tickets/{name}": f"ticket_{name}" for name in ("statuses", "topics")},
    "2.0/invoices/statuses": "invoice_statuses",
}
OLD = (
    *("estates", "buildings", "lots", "floors", "rooms", "locations", "assets", "documents", "workorders", "tickets"),
    "companies",
)
LISTS_V1 = {
    **{f"v1/{name}": name for name in OLD},
    "v1/assetClassifications": "asset_classifications",
    "v1/workorders/teams": "workorder_teams",
}
# Lists whose items have no envelope.
BARE = frozenset({"workorder_statuses", "ticket_statuses", "invoice_statuses"})


@dataclass
class Tenant:
    """What a tenant holds, in the order it is served (newest change first), and who may read it."""

    key: str
    lists: Mapping[str, list[dict[str, Any]]]
    lists_v1: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    forbidden: frozenset[str] = frozenset()
    expired_keys: frozenset[str] = frozenset()


class DaluxTenant:
    """Answers for one folder that holds `estates.json`, `buildings.json` and so on; a list without a file is empty."""

    def __init__(self, folder: Path, key: str, throttle_every: int) -> None:
        """`throttle_every`: one request in so many is answered 429; 0 = never."""
        files = {path.stem: path for path in sorted(folder.glob("*.json"))}
        self._open(
            Tenant(key, {n: json.loads(p.read_text(encoding="utf-8")) for n, p in files.items()}), throttle_every
        )

    @classmethod
    def of(cls, tenant: Tenant, throttle_every: int = 0) -> DaluxTenant:
        """Answers for a tenant in memory, which may change while it is served."""
        made = cls.__new__(cls)
        made._open(tenant, throttle_every)
        return made

    def _open(self, tenant: Tenant, throttle_every: int) -> None:
        self._tenant = tenant
        self._throttle = Throttle(throttle_every)
        self._busy = threading.Lock()

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request; a second one beside it is too many."""
        if not self._busy.acquire(blocking=False):
            return _error("E42901", Retry_After=RETRY_AFTER)
        try:
            return self._answer(asked)
        finally:
            self._busy.release()

    def _answer(self, asked: Asked) -> Reply:
        key, tenant = asked.headers.get("x-api-key"), self._tenant
        if not key:
            return _error("E40103")
        if key != tenant.key:
            return _error("E40104" if key in tenant.expired_keys else "E40101")
        if self._throttle.is_over():
            return _error("E42901", Retry_After=RETRY_AFTER)
        path = asked.path.removeprefix(f"{BASE}/")
        name = LISTS.get(path) or LISTS_V1.get(path)
        if asked.method != "GET" or name is None:
            return _error("E40401")
        if name in tenant.forbidden:
            return _error("E40301")
        lists = tenant.lists if path in LISTS else tenant.lists_v1
        return _page(lists.get(name, []), asked.query, is_bare=name in BARE)


def _page(items: list[dict[str, Any]], query: dict[str, str], *, is_bare: bool) -> Reply:
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
    shown = items[start:end] if is_bare else [{"data": item, "links": []} for item in items[start:end]]
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
