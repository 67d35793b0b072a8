"""A mapped file drop: the files of a folder as deliveries, by the profile of `sources.yml`."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fnmatch import fnmatch
from hashlib import file_digest, sha256
from pathlib import Path

from connectors.base import Conversion, Converter, Item, Passed, Refused, Request
from connectors.configuration import FileStream
from connectors.controls import find_control, with_control
from connectors.declarations import Delivery, Dialect
from connectors.errors import OverlappingWindowError, Place, RejectedDeliveryError, UnreadableFileError
from connectors.known import KnownDelivery
from connectors.profiled import (
    FoundFile,
    Window,
    note_columns,
    plain_delivery,
    profile_digest,
    use_converted,
    use_tidied,
    with_heading,
)
from connectors.tidying import needs_tidying, tidy
from connectors.workbooks import SUFFIXES

log = logging.getLogger(__name__)

NS_PER_DAY = 86_400 * 10**9
UNFINISHED = (".tmp", ".part")
ARCHIVES = (".zip", ".gz")
# Excel puts such a file beside a workbook while somebody has it open.
HIDDEN = (".", "~$")
DELIMITED = (".csv", ".txt")


def read_folder(request: Request, profile: FileStream, folder: Path) -> Iterator[Item]:
    """Every file of a stream as something to land, refuse or pass over, in order of window, age and name."""
    found = _list_files(request, profile, folder)
    if not found:
        log.warning("%s: no file in the folder is called %s", request.place(), profile.files)
    for file in found:
        control = find_control(profile, file.path)
        digest = profile_digest(request, profile, control)
        version = _version(request, profile, file.path)
        known = _find_known(request, file, found, file.path, digest, version)
        if known:
            yield Passed(file.path.name, known)
            continue
        delivery = plain_delivery(request, profile, file, digest, version)
        delivery = replace(delivery, warnings=(*delivery.warnings, *_doubt_time(request, file, found, digest)))
        item = _read_file(request, profile, file, control, delivery)
        if isinstance(item, Delivery) and item.path != file.path:  # the same batch in another wrapping?
            known = _find_known(request, file, found, item.path, digest, None)
        yield Passed(file.path.name, known) if known else item


def _doubt_time(request: Request, file: FoundFile, found: list[FoundFile], digest: str) -> Iterator[str]:
    """Of two files for the same rows the younger one counts, by the time the file carries. Say where that is odd."""
    if file.age[0] > time.time_ns() + NS_PER_DAY:
        yield "the file's time lies in the future: what is delivered before then counts as older, set the time right"
    for other in found:
        if _replaces(other, file) and any(
            known.state == "landed" for known in request.known.find_file(other.path, digest)
        ):
            yield f"it came after {other.path.name} and is older by its file time: that one counts"


def _find_known(
    request: Request, file: FoundFile, found: list[FoundFile], path: Path, digest: str, version: str | None
) -> KnownDelivery | None:
    """A delivery that makes landing these bytes needless.

    The same bytes are the same batch under whatever name. A superseded file counts while a newer one of its window
    lies beside it: landing it again would put the older rows back. What a rejected one overlapped may be gone by now,
    so it is tried again.
    """
    for known in request.known.find_file(path, digest, version):
        is_restored = known.state == "superseded" and not any(_replaces(other, file) for other in found)
        if not is_restored and known.error_class != OverlappingWindowError.__name__:
            return known
    return None


def _version(request: Request, profile: FileStream, path: Path) -> str | None:
    """Files that are converted land as other bytes than their own: their own hash is kept as their version."""
    if _converter(request, profile, path) is None and not needs_tidying(path, profile):
        return None
    with path.open("rb") as file:
        return f"sha256 {file_digest(file, 'sha256').hexdigest()}"


def _converter(request: Request, profile: FileStream, path: Path) -> Converter | None:
    """What reads a file that is not delimited text as the landing engine reads it.

    A delimited file whose columns the municipality maps is read as it is, unless every file of the stream is converted.
    """
    suffix, converters = path.suffix.lower(), request.stream.converters
    if suffix in converters and not (profile.columns and suffix in DELIMITED):
        return converters[suffix]
    return converters.get("*")


def _list_files(request: Request, profile: FileStream, folder: Path) -> list[FoundFile]:
    sidecars = [str(control["file"]) for control in _controls(request)]
    found = []
    for path in folder.glob(profile.files):
        hidden = any(part.startswith(HIDDEN) for part in path.relative_to(folder).parts)
        beside = any(fnmatch(path.name, re.sub(r"\{\w+\}", "*", pattern)) for pattern in sidecars)
        if path.is_file() and not hidden and not beside and not path.name.lower().endswith(UNFINISHED):
            window = _window(profile, path.name) if request.stream.load_kind != "snapshot" else None
            found.append(FoundFile(path, (path.stat().st_mtime_ns, path.name), window))
    return sorted(found, key=lambda file: (file.window or (date.min, date.min), file.age))


def _controls(request: Request) -> Iterator[dict[str, object]]:
    for given in request.section.streams.values():
        if isinstance(given.get("control"), dict) and "file" in given["control"]:
            yield given["control"]


def _replaces(other: FoundFile, file: FoundFile) -> bool:
    if other.age <= file.age:
        return False
    if other.window is None or file.window is None:
        return other.window == file.window
    return other.window[0] <= file.window[0] and file.window[1] <= other.window[1]


def _window(profile: FileStream, name: str) -> Window | None:
    """Days the file covers, [from, to), by the year, month and day in its name. None: the name does not tell."""
    match = re.search(profile.window or r"(?!)", name)
    if match is None:
        return None
    parts = {unit: int(text) for unit, text in match.groupdict().items() if text}
    try:
        start = date(parts["year"], parts.get("month", 1), parts.get("day", 1))
    except (KeyError, ValueError):
        return None
    if "day" in parts:
        return start, start + timedelta(days=1)
    if "month" in parts:
        return start, (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return start, start.replace(year=start.year + 1)


def _read_file(
    request: Request, profile: FileStream, file: FoundFile, control: Path | None, delivery: Delivery
) -> Delivery | Refused:
    place = request.place(file.path.name)
    try:
        if request.stream.load_kind != "snapshot" and file.window is None:
            problem = "the file name does not say which period it covers"
            raise UnreadableFileError(place, problem, "rename the file, or set window for the stream")
        target = request.scratch / f"{sha256(file.path.name.encode()).hexdigest()}.csv"
        converter = _converter(request, profile, file.path)
        if converter is not None:
            code = request.municipality_code
            converted = converter(Conversion(file.path, target, request.stream, code, profile, place))
            return use_converted(delivery, target, converted)
        if file.path.suffix.lower() not in SUFFIXES:
            _check_is_delimited(file.path, delivery.dialect, place)
            delivery = with_heading(delivery, place)
        controlled = with_control(delivery, profile, control, place)
        if needs_tidying(file.path, profile):
            return use_tidied(controlled, tidy(delivery, target, request.stream, profile, place))
        return note_columns(controlled, place)
    except RejectedDeliveryError as error:
        return Refused(delivery, error)


def _check_is_delimited(path: Path, dialect: Dialect, place: Place) -> None:
    if path.suffix.lower() in ARCHIVES:
        return
    with path.open("rb") as file:
        head = file.read(4096).decode(dialect.encoding, errors="replace").lstrip("\ufeff \t\r\n")
    for mark, kind in (("{", "JSON"), ("[", "JSON"), ("<", "HTML or XML")):
        if head.startswith(mark):
            raise UnreadableFileError(place, f"the file holds {kind}, not delimited text", "deliver it as csv")
