"""What the file download API lists: one entry per entity, form, area and generation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from connectors.base import Request
from connectors.paging import by_number
from connectors.spelling import to_ascii

# The national file and that of a municipality match a loose pattern: the name is taken apart in full.
NAME = re.compile(
    r"(?P<register>[A-Z]+)_V(?P<version>\d+)_(?P<entity>\w+?)_(?:(?P<municipality>\d{4})_)?"
    r"(?P<download>Total|Delta)Download_(?P<format>csv|json)_(?P<data>Current|Temporal|Bitemporal)_"
    r"(?P<generation>\d+)\.zip"
)


@dataclass(frozen=True)
class Listed:
    """One file. `municipality_code` None: the whole country."""

    name: str
    version: int
    entity: str  # as streams are called
    municipality_code: str | None
    is_delta: bool
    file_format: str
    type_of_data: str
    generation: int
    md5_hash: str = ""
    full_name: str = ""  # in the verified form, where the list calls a file something else

    @property
    def label(self) -> str:
        """What a delivery notes as its version: a file that is made again under its name counts as new."""
        return f"{self.full_name or self.name} {self.md5_hash}"


def list_files(request: Request, register: str) -> list[Listed]:
    """Every file of the register that can be had now."""
    with request.open_client() as client:
        items: Iterator[Any] = by_number(
            lambda number: client.get_json(
                "GetAvailableFileDownloads", {"Register": register, "format": "JSON", "PageNumber": str(number)}
            ),
            request.place(),
            items="availableFileDownloads",
            totals="paginationMetadata",
        )
        entries = [_read_entry(item) for item in items if isinstance(item, dict)]
    prefix = f"{register}_"
    return [entry for entry in entries if entry is not None and entry.name.startswith(prefix)]


def read_version(label: str) -> Listed | None:
    """The entry that a delivery's version was taken from."""
    name, _, md5_hash = label.partition(" ")
    return _read_name(name, md5_hash)


def _read_entry(item: dict[str, Any]) -> Listed | None:
    name, md5_hash = str(item.get("fileName", "")), str(item.get("md5Hash") or "")
    found = _read_name(name, md5_hash)
    if found is not None or item.get("typeOfDownload") != "DeltaDownload":
        return found
    # How deltas are named is not documented; their entry says the same.
    found = _read_name(_full_name(item), md5_hash)
    return found and replace(found, name=name, full_name=found.name)


def _full_name(item: dict[str, Any]) -> str:
    digits = re.sub(r"\D", "", str(item.get("version") or ""))
    area = str(item.get("municipalityCode") or "")
    parts = [f"{item.get('register')}_V{digits}", item.get("entityName"), area.zfill(4) if area else None,
             item.get("typeOfDownload"), item.get("containedFileFormat"), item.get("typeOfData")]  # fmt: skip
    return "_".join(str(part) for part in parts if part) + f"_{item.get('generationNumber')}.zip"


def _read_name(name: str, md5_hash: str) -> Listed | None:
    match = NAME.fullmatch(name)
    if match is None:
        return None
    return Listed(
        name=name,
        version=int(match["version"]),
        entity=to_ascii(match["entity"]).lower(),
        municipality_code=match["municipality"],
        is_delta=match["download"] == "Delta",
        file_format=match["format"],
        type_of_data=match["data"],
        generation=int(match["generation"]),
        md5_hash=md5_hash,
    )
