"""The bulk path: blocks of whole lines, parsed in columns, to judge values and leave columns out while COPY runs.

It trusts a block only where rows and lines agree; anything unusual is left to `rowwise`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.csv as pacsv

from connectors.columns import Layout
from connectors.declarations import Dialect
from connectors.errors import Place, UnreadableFileError
from connectors.inspection import Inspector

LONGEST_LINE = 16 * 1024 * 1024


class IllFormedRowsError(Exception):
    """Some row is not of the declared form; says nothing of its content."""


def inspect_blocks(chunks: Iterator[bytes], layout: Layout, dialect: Dialect, inspector: Inspector) -> Iterator[bytes]:
    """Hand on blocks as they are, showing the columns with checks to `inspector` first.

    Raises:
        IllFormedRowsError: a row has another number of fields, or spans lines.
    """
    wanted = [index for index in layout.kept if layout.positions[index] in inspector.columns]
    for block in chunks:
        if wanted:
            inspector.see(_parse(block, layout, wanted, dialect, pa.binary()))
        else:
            inspector.lines += block.count(b"\n")
        yield block


def filter_blocks(chunks: Iterator[bytes], layout: Layout, dialect: Dialect, inspector: Inspector) -> Iterator[bytes]:
    """From UTF-8 blocks, hand on UTF-8 rows of the kept columns; an empty value is never quoted.

    Raises:
        IllFormedRowsError: a row has another number of fields, or spans lines.
    """
    for block in chunks:
        table = _parse(block, layout, list(layout.kept), dialect, pa.string())
        inspector.see(table)
        yield pack(table, dialect)


def pack(table: pa.Table, dialect: Dialect) -> bytes:
    """The rows as UTF-8 text without a heading; an empty value is never quoted."""
    try:
        return _pack(table, dialect, "none")
    except pa.ArrowInvalid:
        return _pack(table, dialect, "needed")  # some value holds a delimiter or a quote


def _pack(table: pa.Table, dialect: Dialect, quoting: str) -> bytes:
    buffer = io.BytesIO()
    options = pacsv.WriteOptions(include_header=False, delimiter=dialect.delimiter, quoting_style=quoting)
    pacsv.write_csv(table, buffer, options)
    return buffer.getvalue()


def cut_blocks(chunks: Iterator[bytes], place: Place) -> Iterator[bytes]:
    """The same bytes, cut after line ends."""
    held = b""
    for chunk in chunks:
        end = chunk.rfind(b"\n") + 1
        if end:
            yield held + chunk[:end]
            held = chunk[end:]
        else:
            held += chunk
        if len(held) > LONGEST_LINE:
            raise UnreadableFileError(
                place, f"a line is longer than {LONGEST_LINE} bytes", "deliver it in the declared form"
            )
    if held:
        yield held + b"\n"


def _parse(block: bytes, layout: Layout, wanted: list[int], dialect: Dialect, kind: pa.DataType) -> pa.Table:
    names = [str(index) if column is None else column for index, column in enumerate(layout.positions)]
    kept = [names[index] for index in wanted]
    table = None
    try:
        table = pacsv.read_csv(
            pa.BufferReader(block),
            read_options=pacsv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            parse_options=pacsv.ParseOptions(delimiter=dialect.delimiter, quote_char=dialect.quote or False),
            convert_options=pacsv.ConvertOptions(
                check_utf8=False,  # decoding is somebody else's step, once
                column_types=dict.fromkeys(kept, kind),
                include_columns=kept,
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid:
        table = None
    # Raised outside the handler: the parser's own message quotes the row.
    if table is None or table.num_rows != block.count(b"\n") or _ends_inside_quotes(table):
        raise IllFormedRowsError
    return table


def _ends_inside_quotes(table: pa.Table) -> bool:
    # The parser takes the end of the block for the end of a quote; the value then holds the block's last line end.
    last = [column[-1].cast(pa.binary()).as_py() or b"" for column in table.columns if table.num_rows]
    return any(b"\n" in value for value in last)
