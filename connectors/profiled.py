"""A file and the profile it is read by, as a delivery: the same for file drops, downloads and spooled records."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from connectors.archives import Reader, is_packed, unpack
from connectors.base import NATIONAL, Converted, Refused, Request
from connectors.configuration import FileStream
from connectors.declarations import Checks, Delivery, Dialect, NumberFormat
from connectors.delimited import open_table
from connectors.errors import Place, RejectedDeliveryError

Window = tuple[date, date]


@dataclass(frozen=True)
class FoundFile:
    """One file of a drop, or one downloaded."""

    path: Path
    age: tuple[int, str]  # grows with newness: modification time, then name
    window: Window | None


def stream_profile(request: Request, file_name: str, **more: object) -> FileStream:
    """The profile of a file that the source makes itself: its declared one, with nothing of the municipality's."""
    return FileStream.model_validate({**request.stream.profile, **more, "files": file_name})


def profile_digest(request: Request, profile: FileStream, control: Path | None = None) -> str:
    """Hash of all that decides how a file is read and checked: by another one the same bytes may read otherwise."""
    stream = request.stream
    declared = (sorted(stream.columns.items()), stream.key, stream.required, stream.numbers, stream.dates, stream.years)
    given = profile.model_dump(mode="json", exclude={"files", "window", "drop", "columns"})
    mapped = (sorted(given.items()), sorted(profile.columns.items()), sorted(profile.drop))
    totals = control.read_bytes() if control else b""
    return sha256(repr((declared, mapped, request.municipality_code, totals)).encode()).hexdigest()


def plain_delivery(
    request: Request, profile: FileStream, file: FoundFile, digest: str, version: str | None
) -> Delivery:
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
        checks=_checks(request, profile, NumberFormat(profile.decimal, profile.thousands, profile.trailing_minus)),
        window=file.window,
        source_version=version,
        holds_personal_data=stream.holds_personal_data,
        profile_sha256=digest,
    )


def _checks(request: Request, profile: FileStream, numbers: NumberFormat) -> Checks:
    stream = request.stream
    is_national = request.municipality_code == NATIONAL  # then the rows are of every municipality
    dates = dict.fromkeys(stream.dates, profile.date_formats)
    return Checks(
        numbers=dict.fromkeys(stream.numbers, numbers),
        dates=dates | dict.fromkeys(stream.years, ("%Y",)),
        required_values=stream.required_values,
        municipality_column=None if is_national else stream.municipality_column,
        max_rejected_share=profile.max_rejected_share,
    )


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
        dialect=Dialect("utf-8"), checks=checks, holds_personal_data=False, refused=converted.refused,
        warnings=delivery.warnings + converted.warnings,
    )  # fmt: skip


def downloaded(request: Request, profile: FileStream, path: Path, version: str) -> Delivery | Refused:
    """A file that the source's API gave, as a delivery; refused if its heading cannot be read."""
    file = FoundFile(path, (0, path.name), None)
    delivery = plain_delivery(request, profile, file, profile_digest(request, profile), version)
    try:
        return note_missing(delivery, request.place(path.name))
    except RejectedDeliveryError as error:
        return Refused(delivery, error)


def note_missing(delivery: Delivery, place: Place) -> Delivery:
    """Of a register's file, which is taken as it is, note which of our columns it does not have: they land empty."""
    if delivery.extra_columns != "ignore":
        return delivery
    with _open_plain(delivery, place) as reader:
        headings = {heading.strip() for heading in open_table(reader, delivery.dialect, place).headings}
    present = {column for heading, column in delivery.columns.items() if heading in headings}
    missing = [column for column in dict.fromkeys(delivery.columns.values()) if column not in present]
    if not missing or delivery.required & set(missing):
        return delivery
    return replace(delivery, warnings=(*delivery.warnings, f"{place}: not in the file: {', '.join(missing)}"))


def _open_plain(delivery: Delivery, place: Place) -> AbstractContextManager[Reader]:
    if is_packed(delivery.path, place):
        return unpack(delivery.path, delivery.limits, place)
    return delivery.path.open("rb")
