"""Extracts of a register in a folder, as Datafordeleren's older services wrote them: JSON, or a zip of JSON or csv."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.archives import Reader, is_packed, unpack
from connectors.base import Conversion, Converted
from connectors.declarations import Checks, Delivery, Dialect, Limits
from connectors.errors import EmptyFileError, Place
from connectors.slicing import Slices, slice_csv, slice_json
from connectors.spelling import to_ascii


def convert_records(conversion: Conversion) -> Converted:
    """Write the records of a JSON file as csv; of the old file extract `{"BygningList": [...]}` the stream's list."""
    slices = Slices({None: conversion.target})
    with open_plain(conversion.path, conversion.place) as reader:
        slice_json(reader, _form(conversion), list_names(conversion.stream.path), slices, conversion.place)
    return _converted(conversion, slices)


def convert_archive(conversion: Conversion) -> Converted:
    """Write what a zip holds, JSON or csv, as csv of allow-listed columns."""
    slices = Slices({None: conversion.target})
    slice_file(conversion.path, _form(conversion), conversion.stream.path, slices, conversion.place)
    return _converted(conversion, slices)


def slice_file(path: Path, form: Delivery, entity: str, slices: Slices, place: Place) -> None:
    """Cut a file whose first byte tells whether it is JSON or csv."""
    with open_plain(path, place) as reader:
        start = reader.read(4).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    with open_plain(path, place) as reader:
        if start in (b"[", b"{"):
            slice_json(reader, form, list_names(entity), slices, place)
        else:
            slice_csv(reader, form, slices, place)


@contextmanager
def open_plain(path: Path, place: Place) -> Iterator[Reader]:
    """The bytes of a file, unpacked if it is packed."""
    if is_packed(path, place):
        with unpack(path, Limits(), place) as reader:
            yield reader
    else:
        with path.open("rb") as file:
            yield file


def list_names(entity: str) -> tuple[str, ...]:
    """What the old file extract calls the list of an entity."""
    return tuple(dict.fromkeys((f"{entity}List", f"{to_ascii(entity)}List")))


def warn_missing(slices: Slices, place: Place) -> tuple[str, ...]:
    """What to note of columns that land empty, and of rows that could not be told apart."""
    notes = []
    if slices.missing:
        notes.append(f"{place}: not in the file: {', '.join(slices.missing)}")
    if slices.ill_formed:
        notes.append(f"{place}: {slices.ill_formed} ill-formed rows of the file were left out")
    return tuple(notes)


def _form(conversion: Conversion) -> Delivery:
    stream, profile = conversion.stream, conversion.profile
    return Delivery(
        source=conversion.place.source,
        stream=stream.name,
        municipality_code=conversion.municipality_code,
        load_kind=stream.load_kind,
        path=conversion.path,
        file_name=conversion.path.name,
        columns=profile.columns or stream.columns,
        required=stream.required_columns,
        profile_sha256="",
        dialect=Dialect(profile.encoding, profile.delimiter, profile.quote, profile.skip_lines),
        checks=Checks(
            municipality_column=stream.municipality_column,
            max_rejected_share=profile.max_rejected_share,
            smallest_share=profile.smallest_share,
        ),
        extra_columns=stream.extra_columns,
    )


def _converted(conversion: Conversion, slices: Slices) -> Converted:
    rows = slices.rows[None]
    if not rows:
        raise EmptyFileError(conversion.place, "the file has no records", "deliver it again")
    with conversion.target.open(encoding="utf-8") as file:
        columns = tuple(file.readline().rstrip("\n").split(","))
    return Converted(columns, declared_rows=rows, warnings=warn_missing(slices, conversion.place))
