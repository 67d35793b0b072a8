"""A register's file of any size, cut in one pass into csv files, one per municipality.

A few blocks are in memory. A file of the whole country holds the municipalities in any order.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors.ahead import AheadReader, map_ahead
from connectors.archives import Reader
from connectors.columns import match_columns
from connectors.cutting import CsvCutter, Cut, Cutter, whole_rows
from connectors.declarations import Delivery
from connectors.delimited import open_table, recode
from connectors.errors import MalformedRowsError, MissingColumnError, Place
from connectors.json_records import BLOCK, Records, Row


@dataclass
class Slices:
    """Files to write, by municipality code; one under `None` takes every row, whosever it is.

    They are UTF-8 with commas, headed by raw columns: what is not on the allow-list goes no further than here.
    `is_clean` tells that every check of values was made while cutting, and holds.
    """

    paths: dict[str | None, Path]
    rows: dict[str | None, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    ill_formed: int = 0
    is_clean: bool = False

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
            self._open[code] = path.open("wb", buffering=1 << 16)
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
    with closing(AheadReader(reader)) as unpacked:
        table = open_table(unpacked, form.dialect, place)
        layout = match_columns(table.headings, form, place)
        missing = (column for column in dict.fromkeys(form.columns.values()) if column not in layout.columns)
        slices.missing = tuple(missing)
        cutter = CsvCutter(form, layout, slices.codes, place)
        # UTF-8 is decoded once, by the server when it takes the slices.
        chunks = table.chunks if table.server_encoding == "UTF8" else recode(table.chunks, table.server_encoding, place)
        blocks = whole_rows(chunks, form.dialect.quote.encode(), place)
        _write(map_ahead(cutter.cut_block, blocks), layout.columns, slices)
    _refuse_ill_formed(slices, form, place)


def slice_json(reader: Reader, form: Delivery, lists: Sequence[str], slices: Slices, place: Place) -> None:
    """Cut a JSON file, an array of records or the old extract with its named lists.

    Raises:
        RejectedDeliveryError: not such a file, or no record has a required field.
    """
    with closing(AheadReader(reader, BLOCK)) as unpacked, _without_search_for_cycles():
        records = Records(unpacked, form.columns, lists, place)
        cutter = Cutter(form, records.columns, slices.codes)
        # In one thread, and unpacked in large pieces: decoding holds Python's lock long, so every step beside it waits.
        _write((cutter.cut(_as_table(rows, records.columns)) for rows in records), records.columns, slices)
    slices.missing = tuple(column for column in records.columns if column in records.missing)
    lacking = sorted(form.required & records.missing)
    if lacking and any(slices.rows.values()):
        raise MissingColumnError(place, f"no record has {', '.join(lacking)}", "ask for a file with it")


@contextmanager
def _without_search_for_cycles() -> Iterator[None]:
    """Millions of records come and go, none in a cycle: to look for some among them took a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _write(cuts: Iterator[Cut], columns: Sequence[str], slices: Slices) -> None:
    with _Files(slices, columns) as files:
        slices.is_clean = True
        for cut in cuts:
            slices.ill_formed += cut.ill_formed
            slices.is_clean &= cut.is_clean
            for part in cut.parts:
                files.write(part.code, part.content, part.rows)


def _as_table(rows: list[Row], columns: Sequence[str]) -> pa.Table:
    """Records as text; an empty text is no value, as in a csv file."""
    return pa.table([_as_text(values) for values in zip(*rows, strict=True)], names=list(columns))


def _as_text(values: Sequence[Any]) -> pa.Array:
    first = next((value for value in values if value is not None), "")
    try:
        if first.__class__ is int:
            return pa.array(values, pa.int64()).cast(pa.string())
        texts = pa.array(values, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid, OverflowError):
        texts = pa.array([None if value is None else str(value) for value in values], pa.string())
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts) if "" in values else texts


def _refuse_ill_formed(slices: Slices, form: Delivery, place: Place) -> None:
    total = slices.ill_formed + sum(slices.rows.values())
    if slices.ill_formed > form.checks.max_rejected_share * total:
        raise MalformedRowsError(
            place, f"{slices.ill_formed} rows have another number of fields than the heading", "ask for the file again"
        )
