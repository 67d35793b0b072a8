"""BBR: which file to take from the download API, and records of the old REST service as rows."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from typing import Any

from connectors.base import Conversion, Converted, Item, Passed, Request
from connectors.errors import EmptyFileError, UnexpectedContentError, UnreadableFileError
from connectors.paging import by_number
from connectors.profiled import downloaded, profile_digest, stream_profile

LARGEST_JSON = 256 * 1000**2


def fetch_files(request: Request) -> Iterator[Item]:
    """The newest csv total of the entity for the municipality, unless it is what we have."""
    chosen = _newest(request)
    name = chosen["fileName"]
    profile = stream_profile(request, name)
    version = f"{name} {chosen.get('md5Hash') or ''}"
    known = request.known.find_version(version, profile_digest(request, profile))
    if known:
        yield Passed(name, known)
        return
    path = request.scratch / name
    with request.open_client() as client:
        client.download("GetFile", path, {"Filename": name}, md5_hash=chosen.get("md5Hash") or "")
    yield downloaded(request, profile, path, version)


def _newest(request: Request) -> dict[str, Any]:
    # The national file and the decoys of other formats match a loose pattern: the name is taken apart in full.
    pattern = re.compile(
        rf"BBR_V(\d+)_{request.stream.path}_{request.municipality_code}_TotalDownload_csv_Current_(\d+)\.zip"
    )
    found = []
    for item in request.once("files", lambda: list(_list_files(request))):
        match = pattern.fullmatch(str(item.get("fileName", ""))) if isinstance(item, dict) else None
        if match:
            found.append(((int(match[1]), int(match[2])), item))
    if not found:
        raise UnexpectedContentError(
            request.place(), f"the list has no current csv total of {request.stream.path} for the municipality",
            "check the municipality code, or pull again after the next weekly total",
        )  # fmt: skip
    return max(found, key=lambda pair: pair[0])[1]


def _list_files(request: Request) -> Iterator[dict[str, Any]]:
    with request.open_client() as client:
        yield from by_number(
            lambda number: client.get_json(
                "GetAvailableFileDownloads", {"Register": "BBR", "format": "JSON", "PageNumber": str(number)}
            ),
            request.place(),
            items="availableFileDownloads",
            totals="paginationMetadata",
        )


def convert_records(conversion: Conversion) -> Converted:
    """Write an array of records as csv. Fields that no record has are left out, so that the heading tells."""
    records = _records(conversion)
    spellings = conversion.stream.columns
    found = {column for record in records for name, column in spellings.items() if name in record}
    columns = tuple(column for column in conversion.stream.raw_columns if column in found)
    with conversion.target.open("w", newline="", encoding="utf-8") as target:
        writer = csv.DictWriter(target, columns)
        writer.writeheader()
        for record in records:
            writer.writerow({column: _text(record.get(name)) for name, column in spellings.items() if name in record})
    missing = [column for column in conversion.stream.raw_columns if column not in found]
    warnings = (f"{conversion.place}: not in the file: {', '.join(missing)}",) if missing else ()
    return Converted(columns, declared_rows=len(records), warnings=warnings)


def _records(conversion: Conversion) -> list[dict[str, Any]]:
    if conversion.path.stat().st_size > LARGEST_JSON:
        raise UnreadableFileError(conversion.place, "JSON of more than 256 MB", "deliver the extract as csv")
    try:
        content = json.loads(conversion.path.read_text("utf-8-sig"), parse_float=str, parse_int=str)
    except ValueError:
        raise UnreadableFileError(conversion.place, "not JSON in UTF-8", "deliver the file again") from None
    if not isinstance(content, list) or not all(isinstance(record, dict) for record in content):
        raise UnreadableFileError(
            conversion.place, "not an array of records, as the file extract and the REST service write it",
            "deliver one entity per file",
        )  # fmt: skip
    if not content:
        raise EmptyFileError(conversion.place, "the file has no records", "deliver it again")
    return content


def _text(value: Any) -> str:
    """A plain value as the source wrote it; nested ones are other entities' and stay behind."""
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
