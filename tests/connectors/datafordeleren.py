"""The file download API of Datafordeleren in memory, for tests."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import md5
from typing import Any

import pytest

from connectors.pull import PullResult, pull
from tests.connectors.scripted import Answer, Asked, json_answer
from warehouse.settings import get_settings

KEY = "q3x-secret-Key-7"
CODE = "0992"


def packed(text: str, name: str = "extract.csv") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return content.getvalue()


def named(
    entity: str, generation: int, *, code: str | None = CODE, form: str = "csv", data: str = "Current",
    kind: str = "Total", register: str = "BBR",
) -> str:  # fmt: skip
    area = f"_{code}" if code else ""
    return f"{register}_V3_{entity}{area}_{kind}Download_{form}_{data}_{generation}.zip"


class Downloads:
    """Files by name. `gets` counts downloads by name; `breaks_after` lets the connection drop after so many."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.gets: list[str] = []

    def respond(self, asked: Asked, _: int) -> Answer:
        if asked.query.get("apikey") != KEY:
            return Answer(401)
        if asked.path.endswith("/GetFile"):
            self.gets.append(asked.query["Filename"])
            return Answer(200, self.files[asked.query["Filename"]], {"Content-Type": "application/zip"})
        items = [{"fileName": name, "md5Hash": md5(content).hexdigest()} for name, content in self.files.items()]
        about = {"currentPage": 1, "totalCount": len(items), "totalPages": 1}
        return json_answer({"paginationMetadata": about, "availableFileDownloads": items})


def connect_to(monkeypatch: pytest.MonkeyPatch, address: str, **more: Any) -> None:
    stored = {"conn_type": "http", "host": address, "password": KEY, "extra": {"attempts": 1}, **more}
    monkeypatch.setenv("AIRFLOW_CONN_BBR", json.dumps(stored))


def run(code: str = CODE, source: str = "bbr") -> list[PullResult]:
    return pull(source, code, get_settings())
