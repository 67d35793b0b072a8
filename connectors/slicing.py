"""A register's file of any size, cut in one pass into csv files, one per municipality.

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
from connectors.json_records import Records, Row

BLOCK = 4 * 1024 * 1024
CODE_DIGITS = 4
PLAIN = Dialect("utf-8")


@dataclass
class Slices:
    """Files to write, by municipality code; one under `None` takes every row, whosever it is."""

    paths: dict[str | None, Path]
    rows: dict[str | None, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    ill_formed: int = 0
    keeps_headings: bool = False  # the slices are rows of the file as it is; otherwise headed by raw columns

    @property
    def codes(self) -> list[str]:
        """The municipalities to slice to; none: no slicing."""
        return [code for code in self.paths if code is not None]


class _Files:
    def __init__(self, slices: Slices, columns: Sequence[str], delimiter: str = ",") -> None:
        self._slices, self._heading = slices, delimiter.join(columns)
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
    names = [column or str(index) for index, column in enumerate(layout.positions)]
    dialect = form.dialect
    if slices.codes:
        slices.keeps_headings = True
        code_name = names[layout.positions.index(form.checks.municipality_column)]
        with _Files(slices, table.headings, dialect.delimiter) as files:
            for block in _whole_rows(table.chunks, dialect.quote.encode()):
                _route(block, names, code_name, dialect, slices, files, place)
    else:
        with _Files(slices, layout.columns) as files:
            for block in _whole_rows(table.chunks, dialect.quote.encode()):
                rows = _parse(block, names, layout.columns, dialect, slices, place)
                files.write(None, pack(rows, PLAIN), rows.num_rows)
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


def _whole_rows(chunks: Iterator[bytes], quote: bytes) -> Iterator[bytes]:
    """Blocks that end where a row ends: at a line end with an even number of quotes before it."""
    held = b""
    for chunk in chunks:
        held += chunk
        if len(held) < BLOCK:
            continue
        end = held.rfind(b"\n") + 1
        is_inside = quote and held.count(quote, 0, end) % 2
        while is_inside and end:
            earlier = held.rfind(b"\n", 0, end - 1) + 1
            is_inside = (is_inside + held.count(quote, earlier, end)) % 2
            end = earlier
        if end:
            yield held[:end]
            held = held[end:]
    if held:
        yield held if held.endswith(b"\n") else held + b"\n"


def _route(
    block: bytes, names: list[str], code_name: str, dialect: Dialect, slices: Slices, files: _Files, place: Place
) -> None:
    """Give each row to its municipality: as the bytes it came in, where a row is a line."""
    before = slices.ill_formed
    codes = _parse(block, names, [code_name], dialect, slices, place)[code_name]
    lines: Sequence[bytes] = block.split(b"\n")[:-1]
    if len(lines) != len(codes) or slices.ill_formed != before:
        slices.ill_formed = before
        rows = _parse(block, names, names, dialect, slices, place)
        codes, lines = rows[code_name], _packed_rows(rows, dialect)
    # An extract may have lost the code's leading zero.
    written = pc.utf8_lpad(pc.utf8_trim_whitespace(codes), CODE_DIGITS, "0")
    found = pc.index_in(written, pa.array(slices.codes)).combine_chunks()
    places = pc.array_sort_indices(found).slice(0, len(found) - found.null_count)
    order = places.to_pylist()
    start = 0
    counts = {pair["values"]: pair["counts"] for pair in pc.value_counts(found.take(places)).to_pylist()}
    for index, code in enumerate(slices.codes):
        end = start + counts.get(index, 0)
        if end > start:
            files.write(code, b"\n".join([lines[at] for at in order[start:end]]) + b"\n", end - start)
        start = end


def _packed_rows(rows: pa.Table, dialect: Dialect) -> list[bytes]:
    """Each row as text of its own; it may have line ends inside."""
    return [pack(rows.slice(at, 1), dialect).rstrip(b"\n") for at in range(rows.num_rows)]


def _parse(
    block: bytes, names: list[str], kept: Sequence[str], dialect: Dialect, slices: Slices, place: Place
) -> pa.Table:
    def skip(_: object) -> str:
        slices.ill_formed += 1
        return "skip"

    table = None
    try:
        table = pacsv.read_csv(
            pa.BufferReader(block),
            read_options=pacsv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter, quote_char=dialect.quote or False, invalid_row_handler=skip,
            ),
            convert_options=pacsv.ConvertOptions(
                check_utf8=False,  # the server decodes when it takes the slices
                column_types=dict.fromkeys(kept, pa.string()), include_columns=list(kept), strings_can_be_null=True,
                null_values=[""],
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:
        table = None
    # Raised outside the handler: the parser's own message quotes the row.
    if table is None:
        raise MalformedRowsError(place, "a quote is not closed, or a row has no end", "ask for the file again")
    return table


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
