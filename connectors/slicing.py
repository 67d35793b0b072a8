"""A register's file of any size, cut in one pass into csv files, one per municipality.

A few blocks are in memory. A file of the whole country holds the municipalities in any order.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from connectors.ahead import AheadReader, map_ahead
from connectors.archives import Reader
from connectors.columns import match_columns
from connectors.cutting import CODE_DIGITS, Cutter, whole_rows
from connectors.declarations import Delivery
from connectors.delimited import open_table, recode
from connectors.errors import MalformedRowsError, MissingColumnError, Place
from connectors.json_records import Records, Row


@dataclass
class Slices:
    """Files to write, by municipality code; one under `None` takes every row, whosever it is.

    They are UTF-8 with commas, headed by raw columns: what is not on the allow-list goes no further than here.
    """

    paths: dict[str | None, Path]
    rows: dict[str | None, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    ill_formed: int = 0

    @property
    def codes(self) -> list[str]:
        """The municipalities to slice to; none: no slicing."""
        return [code for code in self.paths if code is not None]


class _Files:
    def __init__(self, slices: Slices, columns: Sequence[str]) -> None:
        self._slices, self._heading = slices, ",".join(columns)
        self._open: dict[str | None, IO[bytes]] = {}

    def __enter__(self) -> _Files:
        for code, path in self._slices.paths.items():
            self._open[code] = path.open("wb", buffering=1 << 18)
            self._open[code].write(f"{self._heading}\n".encode())
            self._slices.rows[code] = 0
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()

    def write(self, code: str | None, content: bytes, rows: int) -> None:
        self._open[code].write(content)
        self._slices.rows[code] += rows


def slice_csv(reader: Reader, form: Delivery, slices: Slices, place: Place) -> None:
    """Cut a csv file as `form` reads it (dialect, headings, the column of the municipality).

    Raises:
        RejectedDeliveryError: not the declared form, or more ill-formed rows than a delivery may have.
    """
    table = open_table(reader, form.dialect, place)
    layout = match_columns(table.headings, form, place)
    slices.missing = tuple(column for column in dict.fromkeys(form.columns.values()) if column not in layout.columns)
    cutter = Cutter(form, layout, slices.codes, place)
    # UTF-8 is decoded once, by the server when it takes the slices.
    chunks = table.chunks if table.server_encoding == "UTF8" else recode(table.chunks, table.server_encoding, place)
    with _Files(slices, layout.columns) as files:
        for parts, ill_formed in map_ahead(cutter.cut, whole_rows(chunks, form.dialect.quote.encode(), place)):
            slices.ill_formed += ill_formed
            for part in parts:
                files.write(part.code, part.content, part.rows)
    _refuse_ill_formed(slices, form, place)


def slice_json(reader: Reader, form: Delivery, lists: Sequence[str], slices: Slices, place: Place) -> None:
    """Cut a JSON file, an array of records or the old extract with its named lists.

    Raises:
        RejectedDeliveryError: not such a file, or no record has a required field.
    """
    with closing(AheadReader(reader)) as unpacked:
        records = Records(unpacked, form.columns, lists, place)
        code_at = records.columns.index(form.checks.municipality_column) if slices.codes else 0
        with _Files(slices, records.columns) as files:
            for rows in records:
                _route(rows, code_at, slices, files)
    slices.missing = tuple(column for column in records.columns if column in records.missing)
    lacking = sorted(form.required & records.missing)
    if lacking and any(slices.rows.values()):
        raise MissingColumnError(place, f"no record has {', '.join(lacking)}", "ask for a file with it")


def _route(rows: list[Row], code_at: int, slices: Slices, files: _Files) -> None:
    """Give each row to its municipality."""
    if not slices.codes:
        files.write(None, _written(rows), len(rows))
        return
    parts: dict[str, list[Row]] = {code: [] for code in slices.codes}
    for row in rows:
        part = parts.get(str(row[code_at] or "").strip().zfill(CODE_DIGITS))
        if part is not None:
            part.append(row)
    for code, part in parts.items():
        if part:
            files.write(code, _written(part), len(part))


def _written(rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _refuse_ill_formed(slices: Slices, form: Delivery, place: Place) -> None:
    total = slices.ill_formed + sum(slices.rows.values())
    if slices.ill_formed > form.checks.max_rejected_share * total:
        raise MalformedRowsError(
            place, f"{slices.ill_formed} rows have another number of fields than the heading", "ask for the file again"
        )
