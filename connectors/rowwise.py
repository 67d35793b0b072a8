"""The careful path: row by row, so that ill-formed rows are told apart from good ones and counted."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.columns import Layout
from connectors.declarations import Dialect

# A quoted value longer than this is a quote that was never closed.
LONGEST_VALUE_LINES = 500
ROWS_PER_CHUNK = 2000


@dataclass(frozen=True)
class BadRow:
    """A row that is not landed; rows count from 1."""

    row_no: int
    reason: str


def split_rows(chunks: Iterator[bytes], layout: Layout, dialect: Dialect) -> Iterator[tuple[int, list[str]] | BadRow]:
    """Yield each row of UTF-8 `chunks` with its number: its kept values, or why it has none.

    A quote that is not closed spoils its own line only. Empty lines are no rows.
    """
    lines = _Lines(chunks)
    width, kept, row_no = len(layout.positions), layout.kept, 0
    while (line := lines.take()) is not None:
        if width > 1 and not line.strip():
            continue
        row_no += 1
        fields = _fields(line, lines, dialect, width)
        if isinstance(fields, str):
            yield BadRow(row_no, fields)
        else:
            yield row_no, [fields[index] for index in kept]


def pack_rows(
    rows: Iterator[tuple[int, list[str]] | BadRow], delimiter: str, on_bad: Callable[[BadRow], None]
) -> Iterator[bytes]:
    """Write good rows with their numbers as UTF-8, some thousands at a time; hand bad ones to `on_bad`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    count = 0
    for row in rows:
        if isinstance(row, BadRow):
            on_bad(row)
            continue
        row_no, values = row
        writer.writerow([*values, row_no])
        count += 1
        if count % ROWS_PER_CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()


class _Lines:
    """Lines that can be given back."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._source = _split_lines(chunks)
        self._given_back: deque[str] = deque()

    def take(self) -> str | None:
        return self._given_back.popleft() if self._given_back else next(self._source, None)

    def give_back(self, lines: list[str]) -> None:
        self._given_back.extendleft(reversed(lines))


def _split_lines(chunks: Iterator[bytes]) -> Iterator[str]:
    held = b""
    for chunk in chunks:
        *whole, held = (held + chunk).split(b"\n")
        for line in whole:
            yield line.removesuffix(b"\r").decode()
    if held:
        yield held.removesuffix(b"\r").decode()


def _fields(line: str, lines: _Lines, dialect: Dialect, width: int) -> list[str] | str:
    if not dialect.quote or dialect.quote not in line:
        return _judge(line.split(dialect.delimiter), width)
    joined = line
    taken: list[str] = []
    while joined.count(dialect.quote) % 2 and len(taken) < LONGEST_VALUE_LINES:
        following = lines.take()
        if following is None:
            break
        taken.append(following)
        joined = f"{joined}\n{following}"
    fields = _parse(joined, dialect)
    if taken and (fields is None or len(fields) != width):
        lines.give_back(taken)
        fields = _parse(line, dialect)
    return "a quote is not closed or stands inside a value" if fields is None else _judge(fields, width)


def _parse(text: str, dialect: Dialect) -> list[str] | None:
    try:
        rows = list(csv.reader([text], delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _judge(fields: list[str], width: int) -> list[str] | str:
    return fields if len(fields) == width else f"{len(fields)} fields where the heading has {width}"
