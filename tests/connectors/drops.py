"""Municipalities and file drops for tests, written as a person would write them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from warehouse.database import connect
from warehouse.settings import Settings

PREPARED = 1_700_000_000  # mtime of the first file written; each further one is a second newer


def configure(config: Path, code: str = "0992", **sections: Any) -> Path:
    """Write a municipality's sources.yml; returns its folder."""
    folder = config / "municipalities" / code
    folder.mkdir(parents=True, exist_ok=True)
    content = {"municipality_code": code, "name": "Prøvekøbing (fiktiv)", **sections}
    (folder / "sources.yml").write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def drop(folder: Path, name: str, text: str | bytes, *, age: int = 0, encoding: str = "utf-8") -> Path:
    """Put a file into a drop folder; a larger `age` is newer."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    os.utime(path, (PREPARED + age, PREPARED + age))
    return path


def select(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    """Rows of a query as the owner."""
    with connect("owner", settings=settings) as connection:
        return connection.execute(query).fetchall()


def kept_bytes(settings: Settings) -> bytes:
    """All that is kept of the deliveries that landed."""
    paths = select(settings, "select stored_path from ops.deliveries where not is_quarantined order by delivery_id")
    assert paths
    return b"\n".join(Path(path).read_bytes() for (path,) in paths)
