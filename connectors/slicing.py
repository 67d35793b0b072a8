"""A register's file of any size, cut in one pass into csv files of allow-listed columns, one per municipality.

Only one block is in memory. A file of the whole country holds the municipalities in any order.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from connectors.archives import Reader
from connectors.bulk import pack
from connectors.columns import match_columns
from connectors.declarations import Delivery, Dialect
from connectors.delimited import open_table
from connectors.errors import MalformedRowsError, MissingColumnError, Place
from connectors.records import Records, Row

BLOCK = 16 * 1024 * 1024
CODE_DIGITS = 4
PLAIN = Dialect("utf-8")


@dataclass
class Slices:
    """Files to write, by municipality code; one under `None` takes every row, whosever it is."""

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
        self._slices, self._columns = slices, columns
        self._open: dict[str | None, IO[bytes]] = {}

    def __enter__(self) -> _Files:
        for code, path in self._slices.paths.items():
            self._open[code] = path.open("wb", buffering=1 << 18)
            self._open[code].write((",".join(self._columns) + "\n").encode())
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
    names = [column or str(index) for index, column in enumerate(layout.positions)]
    code_column = form.checks.municipality_column
    with _Files(slices, layout.columns) as files:
        for batch in _batches(table.chunks, names, layout.columns, form.dialect, slices, place):
            if not slices.codes:
                files.write(None, _packed(batch), batch.num_rows)
            else:
                for code, part in _by_code(batch, str(code_column), slices.codes):
                    files.write(code, _packed(part), part.num_rows)
    _refuse_ill_formed(slices, form, place)


def slice_json(reader: Reader, form: Delivery, lists: Sequence[str], slices: Slices, place: Place) -> None:
    """Cut a JSON file, an array of records or the old extract with its named lists.

    Raises:
        RejectedDeliveryError: not such a file, or no record has a required field.
    """
    records = Records(reader, form.columns, lists, place)
    code_at = records.columns.index(form.checks.municipality_column) if slices.codes else 0
    with _Files(slices, records.columns) as files:
        for rows in records:
            if not slices.codes:
                files.write(None, _written(rows), len(rows))
                continue
            parts: dict[str, list[Row]] = {code: [] for code in slices.codes}
            for row in rows:
                part = parts.get(str(row[code_at] or "").strip().zfill(CODE_DIGITS))
                if part is not None:
                    part.append(row)
            for code, part in parts.items():
                if part:
                    files.write(code, _written(part), len(part))
    slices.missing = tuple(column for column in records.columns if column in records.missing)
    lacking = sorted(form.required & records.missing)
    if lacking and any(slices.rows.values()):
        raise MissingColumnError(place, f"no record has {', '.join(lacking)}", "ask for a file with it")


def _batches(
    chunks: Iterator[bytes],
    names: list[str],
    kept: Sequence[str],
    dialect: Dialect,
    slices: Slices,
    place: Place,
) -> Iterator[pa.RecordBatch]:
    def skip(_: object) -> str:
        slices.ill_formed += 1
        return "skip"

    stream = _Stream(chunks)
    if not stream.has_more():
        return

    def read() -> Iterator[pa.RecordBatch]:
        yield from pacsv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter, quote_char=dialect.quote or False, newlines_in_values=True,
                invalid_row_handler=skip,
            ),
            convert_options=pacsv.ConvertOptions(
                check_utf8=False,  # the server decodes when it takes the slices
                column_types=dict.fromkeys(kept, pa.string()), include_columns=list(kept), strings_can_be_null=True,
                null_values=[""],
            ),
        )  # fmt: skip

    is_unreadable = False
    try:
        yield from read()
    except pa.ArrowInvalid:
        is_unreadable = True
    # Raised outside the handler: the parser's own message quotes the row.
    if is_unreadable:
        raise MalformedRowsError(place, "a quote is not closed, or a row has no end", "ask for the file again")


class _Stream(io.RawIOBase):
    """Chunks as a file: the parser wants whole blocks."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""

    def has_more(self) -> bool:
        """Whether there is any row; the parser calls a file without rows ill-formed."""
        self._held = self._held or next(self._chunks, b"")
        return bool(self._held)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        parts, found = [self._held], len(self._held)
        while size < 0 or found < size:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            parts.append(chunk)
            found += len(chunk)
        joined = b"".join(parts)
        size = found if size < 0 else size
        self._held = joined[size:]
        return joined[:size]


def _by_code(batch: pa.RecordBatch, column: str, codes: list[str]) -> Iterator[tuple[str, pa.RecordBatch]]:
    """The rows of each municipality in the order they came in; an extract may have lost the code's leading zero."""
    written = pc.utf8_lpad(pc.utf8_trim_whitespace(batch[column]), CODE_DIGITS, "0")
    found = pc.index_in(written, pa.array(codes))
    order = pc.array_sort_indices(found)
    sorted_batch = batch.take(order.slice(0, len(found) - found.null_count))
    counted = {pair["values"]: pair["counts"] for pair in pc.value_counts(found).to_pylist()}
    start = 0
    for index, code in enumerate(codes):
        count = counted.get(index, 0)
        if count:
            yield code, sorted_batch.slice(start, count)
            start += count


def _packed(batch: pa.RecordBatch) -> bytes:
    return pack(pa.Table.from_batches([batch]), PLAIN)


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
