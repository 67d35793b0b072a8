"""BBR's file download API: GetAvailableFileDownloads and GetFile, key in the query."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.simulators.service import Asked, Reply, Throttle, as_json

BASE = "/FileDownloads"
PAGE_SIZE = 25
RETRY_AFTER = "1"


class BbrDownloads:
    """Answers for one folder that holds `catalogue.json` and the zip files."""

    def __init__(self, folder: Path, key: str, throttle_every: int, page_size: int = PAGE_SIZE) -> None:
        """`throttle_every`: one request in so many is answered 429; 0 = never."""
        self._folder = folder
        self._key = key
        self._page_size = page_size
        self._throttle = Throttle(throttle_every)
        self._files: list[dict[str, Any]] = json.loads((folder / "catalogue.json").read_text(encoding="utf-8"))

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        if "apikey" not in asked.query:
            return _error(401, "No API key was given")
        if asked.query["apikey"] != self._key:
            return _error(403, "The API key has no access")
        if self._throttle.is_over():
            return as_json(429, {"message": "Too many requests"}, Retry_After=RETRY_AFTER)
        if asked.method == "GET" and asked.path == f"{BASE}/GetAvailableFileDownloads":
            return self._list(asked.query)
        if asked.method == "GET" and asked.path in (f"{BASE}/GetFile", f"{BASE}/v1.0/GetFile"):
            return self._get(asked.query)
        return _error(404, "No such operation")

    def _list(self, query: dict[str, str]) -> Reply:
        if query.get("format", "JSON").upper() != "JSON":
            return _error(400, "Unknown format")
        page = query.get("PageNumber", "1")
        if not page.isdigit() or int(page) < 1:
            return _error(400, "PageNumber is a number from 1")
        wanted = {"register": query.get("Register"), "entityName": query.get("Entity"), "version": query.get("Version")}
        found = [f for f in self._files if all(f[name] == value for name, value in wanted.items() if value)]
        start = (int(page) - 1) * self._page_size
        metadata = {
            "currentPage": int(page),
            "pageSize": self._page_size,
            "totalCount": len(found),
            "totalPages": max(1, -(-len(found) // self._page_size)),
        }
        shown = found[start : start + self._page_size]
        return as_json(200, {"paginationMetadata": metadata, "availableFileDownloads": shown})

    def _get(self, query: dict[str, str]) -> Reply:
        entry = self._find(query)
        if entry is None:
            return _error(404, "No such file")
        if datetime.fromisoformat(entry["expirationDate"]) < datetime.now(UTC):
            return _error(404, "The file has expired")
        name = entry["fileName"]
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Reply(200, (self._folder / name).read_bytes(), "application/zip", headers)

    def _find(self, query: dict[str, str]) -> dict[str, Any] | None:
        if "Filename" in query:
            return next((f for f in self._files if f["fileName"] == query["Filename"]), None)
        wanted = {
            "register": query.get("Register"),
            "entityName": query.get("LatestTotalForEntity"),
            "typeOfData": query.get("Type"),
            "containedFileFormat": query.get("Format"),
            "municipalityCode": query.get("MunicipalityCode"),
        }
        found = [f for f in self._files if all(f[name] == value for name, value in wanted.items())]
        return max(found, key=lambda f: f["generationNumber"], default=None)


def _error(status: int, message: str) -> Reply:
    return as_json(status, {"message": message})
