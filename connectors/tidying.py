"""A workbook, or a csv whose rows need reshaping, as plain rows of allow-listed columns for the one landing engine."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

from connectors.archives import opened
from connectors.base import Stream
from connectors.columns import Layout, known_headings, match_columns
from connectors.configuration import FileStream, OneRow
from connectors.declarations import Delivery
from connectors.delimited import open_table, recode
from connectors.errors import EmptyFileError, MissingColumnError, Place, UnreadableFileError
from connectors.headings import SEARCHED_ROWS, find_heading, fold_heading
from connectors.reshaping import Reshaper
from connectors.rowwise import BadRow, split_rows
from connectors.workbooks import SUFFIXES, Cell, Sheet, Writer, date_writer, number_writer, open_sheet, write_plain

Rows = Iterator[tuple[int, list[str]] | BadRow]


@dataclass(frozen=True)
class Tidied:
    """The rows written to `path`, headed by raw columns, and what was noted on the way."""

    path: Path
    columns: tuple[str, ...]
    warnings: tuple[str, ...]


def needs_tidying(path: Path, profile: FileStream) -> bool:
    """Whether the file cannot land as it lies there."""
    return path.suffix.lower() in SUFFIXES or profile.is_reshaped


def tidy(delivery: Delivery, target: Path, stream: Stream, profile: FileStream, place: Place) -> Tidied:
    """Write the rows of a file as its profile says.

    Raises:
        RejectedDeliveryError: the file cannot be read, its heading is not as declared, or it has no rows.
    """
    is_workbook = delivery.path.suffix.lower() in SUFFIXES
    if is_workbook:
        layout, rows, notes = _read_workbook(delivery, stream, profile, place)
    else:
        layout, rows, notes = _read_csv(delivery, profile, place)
    given = {**_read_one_row(delivery, profile, place), **profile.constants}
    kept = [column for column in layout.columns if column not in given]
    reshaper = Reshaper(kept, stream, profile, place, given, profile.total_rows == "drop" or (
        is_workbook and profile.total_rows is None))  # fmt: skip
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(reshaper.names)
        writer.writerows(reshaper.reshape(_without(given, layout, rows)))
    if not reshaper.count:
        raise EmptyFileError(place, "the file has a heading and no rows", "ask for it again")
    return Tidied(target, tuple(reshaper.names), (*layout.warn(place), *notes, *reshaper.warnings))


def _without(given: dict[str, str], layout: Layout, rows: Rows) -> Rows:
    """Leave out the columns of the file that the profile gives a value for."""
    kept = [index for index, column in enumerate(layout.columns) if column not in given]
    if len(kept) == len(layout.columns):
        return rows
    return (row if isinstance(row, BadRow) else (row[0], [row[1][index] for index in kept]) for row in rows)


def _read_csv(delivery: Delivery, profile: FileStream, place: Place) -> tuple[Layout, Rows, list[str]]:
    if profile.one_row or profile.sheet:
        raise UnreadableFileError(place, "sheet and one_row are for workbooks", "deliver the file as xlsx")
    return _csv_layout(delivery, profile, place), _csv_rows(delivery, profile, place), []


def _csv_layout(delivery: Delivery, profile: FileStream, place: Place) -> Layout:
    with opened(delivery.path, delivery.limits, place) as reader:
        headings = open_table(reader, delivery.dialect, place).headings
    return match_columns(headings, delivery, place, profile.given_columns)


def _csv_rows(delivery: Delivery, profile: FileStream, place: Place) -> Rows:
    with opened(delivery.path, delivery.limits, place) as reader:
        table = open_table(reader, delivery.dialect, place)
        layout = match_columns(table.headings, delivery, place, profile.given_columns)
        yield from split_rows(recode(table.chunks, table.server_encoding, place), layout, delivery.dialect)


def _read_workbook(
    delivery: Delivery, stream: Stream, profile: FileStream, place: Place
) -> tuple[Layout, Rows, list[str]]:
    sheet = open_sheet(delivery.path, profile.sheet, place, delivery.limits)
    first = list(islice(sheet.rows, max(SEARCHED_ROWS, profile.header_row or 0)))
    texts = [[write_plain(cell) for cell in row] for row in first]
    position = _heading_position(texts, delivery, profile)
    try:
        # A column without a name at the end: one column alone would be taken for a wrong delimiter.
        layout = match_columns([*texts[position], ""], delivery, place, profile.given_columns)
    except MissingColumnError as error:
        others = f"; other sheets are {', '.join(map(repr, sheet.others[:5]))}" if sheet.others else ""
        raise MissingColumnError(place, f"{error.problem} (sheet {sheet.name!r}{others})", error.advice) from None
    writers = _writers(layout, stream, profile)
    numbered: Iterator[tuple[int, list[Cell]]] = enumerate(chain(first[position + 1 :], sheet.rows), start=position + 2)
    return layout, _write_rows(numbered, writers), _note_merged(sheet, layout, profile, position, place)


def _write_rows(numbered: Iterator[tuple[int, list[Cell]]], writers: list[tuple[int, Writer]]) -> Rows:
    for row_no, row in numbered:
        # Text is most of a table, and text as it is.
        yield row_no, [cell if isinstance(cell := row[index], str) else write(cell) for index, write in writers]


def _heading_position(texts: list[list[str]], delivery: Delivery, profile: FileStream) -> int:
    if profile.header_row is not None:
        return min(profile.header_row, len(texts)) - 1
    found = find_heading(texts, known_headings(delivery).keys())
    if found is not None:
        return found
    return next((index for index, row in enumerate(texts) if any(row)), 0)


def _writers(layout: Layout, stream: Stream, profile: FileStream) -> list[tuple[int, Writer]]:
    number, day = number_writer(profile.decimal), date_writer(profile.date_formats)
    by_column = {**dict.fromkeys(stream.numbers, number), **dict.fromkeys(stream.dates, day)}
    kept = zip(layout.kept, layout.columns, strict=True)
    return [(index, by_column.get(column, write_plain)) for index, column in kept]


def _note_merged(sheet: Sheet, layout: Layout, profile: FileStream, heading: int, place: Place) -> list[str]:
    noted: dict[str, str] = {}
    for top, bottom, column in sheet.merged:
        index = column - sheet.first_column
        name = layout.positions[index] if 0 <= index < len(layout.positions) else None
        if name is not None and top > heading + 1 and name not in profile.fill_down:
            problem = "are merged: only the first has the value; declare fill_down if it holds of all"
            noted.setdefault(name, f"{replace(place, field=name)}: its cells in rows {top} to {bottom} {problem}")
    return list(noted.values())


def _read_one_row(delivery: Delivery, profile: FileStream, place: Place) -> dict[str, str]:
    if profile.one_row is None:
        return {}
    sheet = open_sheet(delivery.path, profile.one_row.sheet, place, delivery.limits)
    rows = [[write_plain(cell) for cell in row] for row in islice(sheet.rows, SEARCHED_ROWS)]
    folded = {fold_heading(heading): column for heading, column in profile.one_row.columns.items()}
    position = find_heading(rows, folded)
    below = [row for row in rows[(position or 0) + 1 :] if any(cell.strip() for cell in row)]
    if position is None or len(below) != 1:
        raise UnreadableFileError(
            place, f"the sheet {sheet.name!r} has not a heading and one row", "deliver one workbook for each"
        )
    return _named_values(rows[position], below[0], profile.one_row, folded, profile, place)


def _named_values(
    heading: list[str], row: list[str], one_row: OneRow, folded: dict[str, str], profile: FileStream, place: Place
) -> dict[str, str]:
    found = {folded[fold_heading(name)]: value for name, value in zip(heading, row, strict=True)
             if fold_heading(name) in folded}  # fmt: skip
    missing = sorted(set(one_row.columns.values()) - found.keys())
    if missing:
        name = next(heading for heading, column in one_row.columns.items() if column == missing[0])
        raise MissingColumnError(place, f"the sheet {one_row.sheet!r} lacks {name!r}", "ask for a file with it")
    nulls = {mark.strip().casefold() for mark in profile.nulls}
    return {column: "" if value.strip().casefold() in nulls else value for column, value in found.items()}
