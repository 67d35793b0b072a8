"""Leaving columns out of a stream of well-formed rows, in bulk. Ill-formed rows are `rowwise`'s."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.csv as pacsv

from connectors.columns import Layout
from connectors.declarations import Dialect

BLOCK = 512 * 1024


class IllFormedRowsError(Exception):
    """Some row is not of the declared form; says nothing of its content."""


def filter_columns(chunks: Iterator[bytes], layout: Layout, dialect: Dialect) -> Iterator[bytes]:
    """Yield comma-separated UTF-8 rows of the kept columns from UTF-8 `chunks`; an empty value is never quoted.

    Raises:
        IllFormedRowsError: a row has another number of fields, or its quotes do not end.
    """
    names = [str(index) for index in range(len(layout.positions))]
    kept = [names[index] for index in layout.kept]
    broken = False
    try:
        reader = pacsv.open_csv(
            _Stream(chunks),
            read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter, quote_char=dialect.quote or False, newlines_in_values=True
            ),
            convert_options=pacsv.ConvertOptions(
                check_utf8=False,  # the bytes were decoded once already
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=kept,
                strings_can_be_null=True,
                null_values=[""],
            ),
        )
        for batch in reader:
            buffer = io.BytesIO()
            pacsv.write_csv(batch, buffer, pacsv.WriteOptions(include_header=False, quoting_style="needed"))
            yield buffer.getvalue()
    except pa.ArrowInvalid:
        broken = True
    # Raised outside the handler: the reader's own message quotes the row.
    if broken:
        raise IllFormedRowsError


class _Stream(io.RawIOBase):
    """Chunks as the file object the reader wants."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if not self._rest:
            self._rest = next(self._chunks, b"")
        taken = self._rest if size < 0 else self._rest[:size]
        self._rest = self._rest[len(taken) :]
        return taken
