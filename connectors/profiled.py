"""A file and the profile it is read by, as a delivery: the same for file drops, downloads and spooled records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from connectors.archives import opened
from connectors.base import NATIONAL, Converted, Refused, Request
from connectors.columns import known_headings, match_columns
from connectors.configuration import EXCEL_DAYS, FileStream
from connectors.declarations import Checks, Delivery, Dialect, NumberFormat
from connectors.delimited import open_table
from connectors.errors import Place, RejectedDeliveryError
from connectors.headings import find_heading
from connectors.tidying import Tidied

Window = tuple[date, date]
ISO_DAY = "%Y-%m-%d"
# Title rows and the heading stand within this many bytes.
LONGEST_START = 64 * 1024


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
    hidden = {"files", "window", "drop", "columns", "fill_down"}
    # Younger than most kept files: unless somebody sets it, they are not read anew for it.
    hidden |= {"smallest_share"} if profile.smallest_share == Checks.smallest_share else set()
    given = profile.model_dump(mode="json", exclude=hidden)
    # Of several headings for one raw column the first counts, so their order is part of the profile.
    mapped = (sorted(given.items()), list(profile.columns.items()), sorted(profile.drop), sorted(profile.fill_down))
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
        extra_columns="ignore" if stream.extra_columns == "ignore" else profile.unknown,
        dialect=Dialect(profile.encoding, profile.delimiter, profile.quote, _lines_above(profile)),
        checks=_checks(request, profile, NumberFormat(profile.decimal, profile.thousands, profile.trailing_minus)),
        window=file.window,
        source_version=version,
        holds_personal_data=stream.holds_personal_data,
        profile_sha256=digest,
    )


def _lines_above(profile: FileStream) -> int:
    return profile.skip_lines if profile.header_row is None else profile.header_row - 1


def _checks(request: Request, profile: FileStream, numbers: NumberFormat) -> Checks:
    stream = request.stream
    is_national = request.municipality_code == NATIONAL  # then the rows are of every municipality
    forms = tuple(form for form in profile.date_formats if form != EXCEL_DAYS)
    dates = dict.fromkeys(stream.dates, forms or (ISO_DAY,))
    return Checks(
        numbers=dict.fromkeys(stream.numbers, numbers),
        dates=dates | dict.fromkeys(stream.years, ("%Y",)),
        required_values=stream.required_values,
        municipality_column=None if is_national else stream.municipality_column,
        max_rejected_share=profile.max_rejected_share,
        smallest_share=profile.smallest_share,
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


def use_tidied(delivery: Delivery, tidied: Tidied) -> Delivery:
    """The same delivery with the rows that were tidied; numbers are written as they were, days in ISO form too."""
    forms = {
        column: known if known == ("%Y",) else tuple(dict.fromkeys((*known, ISO_DAY)))
        for column, known in delivery.checks.dates.items()
    }
    return replace(
        delivery, path=tidied.path, columns={column: column for column in tidied.columns}, dropped=frozenset(),
        dialect=Dialect("utf-8"), checks=replace(delivery.checks, dates=forms), holds_personal_data=False,
        warnings=delivery.warnings + tidied.warnings,
    )  # fmt: skip


def downloaded(request: Request, profile: FileStream, path: Path, version: str) -> Delivery | Refused:
    """A file that the source's API gave, as a delivery; refused if its heading cannot be read."""
    file = FoundFile(path, (0, path.name), None)
    delivery = plain_delivery(request, profile, file, profile_digest(request, profile), version)
    try:
        return note_columns(delivery, request.place(path.name))
    except RejectedDeliveryError as error:
        return Refused(delivery, error)


def note_columns(delivery: Delivery, place: Place) -> Delivery:
    """Hold the heading against the declaration before any row is read, and note how the columns differ.

    A column that nobody declared stays out of the kept bytes too. Of a register's file, which is taken as it is, those
    of our columns are noted that it does not have: they land empty.

    Raises:
        RejectedDeliveryError: the heading cannot be read or is not as declared.
    """
    with opened(delivery.path, delivery.limits, place) as reader:
        headings = open_table(reader, delivery.dialect, place).headings
    layout = match_columns(headings, delivery, place)
    warnings = layout.warn(place)
    missing = [column for column in dict.fromkeys(delivery.columns.values()) if column not in layout.columns]
    if delivery.extra_columns == "ignore" and missing:
        warnings += (f"{place}: not in the file: {', '.join(missing)}",)
    is_personal = delivery.holds_personal_data or bool(layout.unknown)
    return replace(delivery, holds_personal_data=is_personal, warnings=(*delivery.warnings, *warnings))


def with_heading(delivery: Delivery, place: Place) -> Delivery:
    """The same delivery, its heading found where title rows stand above it and nobody said how many."""
    if delivery.dialect.skip_lines or delivery.extra_columns == "ignore":
        return delivery
    with opened(delivery.path, delivery.limits, place) as reader:
        start = reader.read(LONGEST_START)
    lines = start.decode(delivery.dialect.encoding, errors="replace").split("\n")
    quote, delimiter = delivery.dialect.quote, delivery.dialect.delimiter
    rows = ([cell.strip().strip(quote) for cell in line.split(delimiter)] for line in lines)
    above = find_heading(rows, known_headings(delivery)) or 0
    return replace(delivery, dialect=replace(delivery.dialect, skip_lines=above))
