"""A mapped file drop: the files of a folder as deliveries, by the profile of `sources.yml`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatch
from hashlib import file_digest, sha256
from io import StringIO
from pathlib import Path

from connectors.base import Conversion, Converted, Item, Passed, Refused, Request, Stream
from connectors.configuration import ControlFile, FileStream
from connectors.declarations import Checks, ControlTotal, Delivery, Dialect, NumberFormat
from connectors.errors import OverlappingWindowError, Place, RejectedDeliveryError, UnreadableFileError
from connectors.known import find_known

UNFINISHED = (".tmp", ".part")
ARCHIVES = (".zip", ".gz")
Window = tuple[date, date]


@dataclass(frozen=True)
class _Found:
    path: Path
    age: tuple[int, str]  # grows with newness: modification time, then name
    window: Window | None


def read_folder(request: Request, profile: FileStream, folder: Path) -> Iterator[Item]:
    """Every file of a stream as something to land, refuse or pass over, in order of window, age and name.

    A file whose rows were superseded is passed over while a newer file of its window lies beside it: landing it again
    would put the older rows back.
    """
    found = _list_files(request, profile, folder)
    for file in found:
        control = _control_file(profile, file.path)
        digest = profile_digest(request, profile, control)
        version = _version(request, file.path)
        known = find_known(request.known, file.path, digest, version)
        if known and known.error_class == OverlappingWindowError.__name__:
            known = None  # what it overlapped may be gone by now
        if known and known.state == "superseded" and not any(_replaces(other, file) for other in found):
            known = None
        if known:
            yield Passed(file.path.name, known)
        else:
            yield _read_file(request, profile, file, control, _plain(request, profile, file, digest, version))


def profile_digest(request: Request, profile: FileStream, control: Path | None) -> str:
    """Hash of all that decides how a file is read and checked: by another one the same bytes may read otherwise."""
    stream = request.stream
    declared = (sorted(stream.columns.items()), stream.key, stream.required, stream.numbers, stream.dates, stream.years)
    given = profile.model_dump(mode="json", exclude={"files", "window", "drop", "columns"})
    mapped = (sorted(given.items()), sorted(profile.columns.items()), sorted(profile.drop))
    totals = control.read_bytes() if control else b""
    return sha256(repr((declared, mapped, request.municipality_code, totals)).encode()).hexdigest()


def _version(request: Request, path: Path) -> str | None:
    """Files that are converted land as other bytes than their own: their own hash is kept as their version."""
    if path.suffix.lower() not in request.stream.converters:
        return None
    with path.open("rb") as file:
        return f"sha256 {file_digest(file, 'sha256').hexdigest()}"


def _list_files(request: Request, profile: FileStream, folder: Path) -> list[_Found]:
    sidecars = [str(control["file"]) for control in _controls(request)]
    found = []
    for path in folder.glob(profile.files):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        beside = any(fnmatch(path.name, re.sub(r"\{\w+\}", "*", pattern)) for pattern in sidecars)
        if path.is_file() and not hidden and not beside and not path.name.lower().endswith(UNFINISHED):
            window = _window(profile, path.name) if request.stream.load_kind != "snapshot" else None
            found.append(_Found(path, (path.stat().st_mtime_ns, path.name), window))
    return sorted(found, key=lambda file: (file.window or (date.min, date.min), file.age))


def _controls(request: Request) -> Iterator[dict[str, object]]:
    for given in request.section.streams.values():
        if isinstance(given.get("control"), dict) and "file" in given["control"]:
            yield given["control"]


def _replaces(other: _Found, file: _Found) -> bool:
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


def _plain(request: Request, profile: FileStream, file: _Found, digest: str, version: str | None) -> Delivery:
    """The file as it lies there, read by its profile."""
    stream = request.stream
    columns = profile.columns or stream.columns
    return Delivery(
        source=request.source.name,
        stream=stream.name,
        municipality_code=request.municipality_code,
        load_kind=stream.load_kind,
        path=file.path,
        file_name=file.path.name,
        columns=columns,
        required=stream.required_columns,
        dropped=profile.drop,
        extra_columns=stream.extra_columns,
        dialect=Dialect(profile.encoding, profile.delimiter, profile.quote, profile.skip_lines),
        checks=_checks(stream, profile, NumberFormat(profile.decimal, profile.thousands, profile.trailing_minus)),
        window=file.window,
        source_version=version,
        holds_personal_data=stream.holds_personal_data,
        profile_sha256=digest,
    )


def _checks(stream: Stream, profile: FileStream, numbers: NumberFormat) -> Checks:
    dates = {column: profile.date_formats for column in stream.dates}
    return Checks(
        numbers=dict.fromkeys(stream.numbers, numbers),
        dates=dates | dict.fromkeys(stream.years, ("%Y",)),
        required_values=stream.required_values,
        municipality_column=stream.municipality_column,
        max_rejected_share=profile.max_rejected_share,
    )


def _read_file(
    request: Request, profile: FileStream, file: _Found, control: Path | None, delivery: Delivery
) -> Delivery | Refused:
    place = request.place(file.path.name)
    try:
        if request.stream.load_kind != "snapshot" and file.window is None:
            problem = "the file name does not say which period it covers"
            raise UnreadableFileError(place, problem, "rename the file, or set window for the stream")
        converter = request.stream.converters.get(file.path.suffix.lower())
        if converter is not None:
            target = request.scratch / f"{sha256(file.path.name.encode()).hexdigest()}.csv"
            code = request.municipality_code
            converted = converter(Conversion(file.path, target, request.stream, code, profile, place))
            return use_converted(delivery, target, converted)
        _check_is_delimited(file.path, delivery.dialect, place)
        return _with_control(delivery, profile, control, place)
    except RejectedDeliveryError as error:
        return Refused(delivery, error)


def use_converted(delivery: Delivery, target: Path, converted: Converted) -> Delivery:
    """The same delivery with the rows a converter wrote: UTF-8, comma, decimal point, allow-listed columns only."""
    checks = replace(
        delivery.checks,
        numbers=dict.fromkeys(delivery.checks.numbers, NumberFormat()),
        declared_rows=converted.declared_rows,
        control=converted.control,
    )
    return replace(
        delivery, path=target, columns={column: column for column in converted.columns}, dropped=frozenset(),
        dialect=Dialect("utf-8"), checks=checks, holds_personal_data=False,
        warnings=delivery.warnings + converted.warnings,
    )  # fmt: skip


def _check_is_delimited(path: Path, dialect: Dialect, place: Place) -> None:
    if path.suffix.lower() in ARCHIVES:
        return
    with path.open("rb") as file:
        head = file.read(4096).decode(dialect.encoding, errors="replace").lstrip("\ufeff \t\r\n")
    for mark, kind in (("{", "JSON"), ("[", "JSON"), ("<", "HTML or XML")):
        if head.startswith(mark):
            raise UnreadableFileError(place, f"the file holds {kind}, not delimited text", "deliver it as csv")


def _control_file(profile: FileStream, path: Path) -> Path | None:
    if profile.control is None:
        return None
    beside = path.with_name(profile.control.file.format(stem=path.name.partition(".")[0], name=path.name))
    return beside if beside.is_file() else None


def _with_control(delivery: Delivery, profile: FileStream, control: Path | None, place: Place) -> Delivery:
    if profile.control is None:
        return delivery
    if control is None:
        return replace(delivery, warnings=(*delivery.warnings, f"{place}: no control file lies beside it"))
    row = _control_row(control, delivery.dialect, replace(place, file=control.name))
    rows = _figure(row, profile.control.rows, profile, replace(place, file=control.name))
    total = _figure(row, profile.control.total, profile, replace(place, file=control.name))
    checks = replace(
        delivery.checks,
        declared_rows=None if rows is None else int(rows),
        control=None if total is None else _total(delivery, profile.control, total),
    )
    return replace(delivery, checks=checks)


def _total(delivery: Delivery, control: ControlFile, total: Decimal) -> ControlTotal:
    # a ledger that has a debit/credit column writes its amounts without sign
    sign = "debit_credit" if "debit_credit" in delivery.columns.values() else None
    return ControlTotal(control.total_column, total, control.tolerance, sign)


def _control_row(path: Path, dialect: Dialect, place: Place) -> dict[str, str]:
    try:
        text = path.read_bytes().decode(dialect.encoding).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise UnreadableFileError(place, f"not written in {dialect.encoding}", "deliver it again") from None
    rows = list(csv.reader(StringIO(text), delimiter=dialect.delimiter))
    if len(rows) < 2 or len(rows[0]) != len(rows[1]):
        raise UnreadableFileError(place, "not a heading and one row", "deliver it again")
    return dict(zip((heading.strip() for heading in rows[0]), rows[1], strict=True))


def _figure(row: dict[str, str], heading: str | None, profile: FileStream, place: Place) -> Decimal | None:
    if heading is None:
        return None
    if heading not in row:
        raise UnreadableFileError(replace(place, field=heading), "the column is missing", "correct control")
    text = row[heading].strip()
    if profile.thousands:
        text = text.replace(profile.thousands, "")
    text = text.replace(profile.decimal, ".")
    if text.endswith("-"):
        text = f"-{text[:-1]}"
    try:
        return Decimal(text)
    except InvalidOperation:
        raise UnreadableFileError(replace(place, field=heading), "not a number", "deliver it again") from None
