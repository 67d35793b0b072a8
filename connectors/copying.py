"""Bringing a file's rows into its raw table: in bulk, and row by row only where the bulk way meets ill-formed rows."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from connectors.ahead import make_ahead
from connectors.archives import Reader, is_packed, unpack
from connectors.bulk import IllFormedRowsError, cut_blocks, filter_blocks, inspect_blocks
from connectors.columns import Layout, match_columns
from connectors.declarations import Delivery, Dialect
from connectors.delimited import Table, invalid_bytes, open_table, recode
from connectors.errors import MalformedRowsError, Place, RetryableError
from connectors.inspection import Inspector
from connectors.rowwise import BadRow, pack_rows, split_rows
from connectors.store import CHUNK, KeptFile, hash_file
from warehouse.outage import meaning

# More than this is no delivery with a few bad rows, whatever its size; it bounds what is held in memory.
MOST_BAD_ROWS = 200_000
# A byte no text file holds, for sources that never quote: COPY must be given some quote.
NO_QUOTE = "\x01"
INVALID_BYTES = ("22021", "22P05")
BAD_FORM = "22P04"


@dataclass(frozen=True)
class Target:
    """The raw table, or its partition, that a delivery goes to."""

    schema: str
    table: str

    @property
    def name(self) -> sql.Identifier:
        """Both parts, quoted."""
        return sql.Identifier(self.schema, self.table)


@dataclass
class Loaded:
    """What came in, before any check of values. `content_sha256` is of the file as received."""

    layout: Layout
    content_sha256: str
    inspector: Inspector
    row_count: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)


def load(connection: psycopg.Connection, delivery: Delivery, target: Target, kept: KeptFile, place: Place) -> Loaded:
    """COPY the file into `target` and its bytes into `kept`; nothing of it stays if an error is raised."""
    connection.execute("savepoint form")
    try:
        return _load(connection, delivery, target, kept, place, careful=False)
    except IllFormedRowsError:
        connection.execute("rollback to savepoint form")
    restart_row_numbers(connection, target)
    kept.restart()
    return _load(connection, delivery, target, kept, place, careful=True)


def restart_row_numbers(connection: psycopg.Connection, target: Target) -> None:
    """Let `row_no` count from 1 again. Only under the lock of the table."""
    sequence = sql.Identifier(target.schema, f"{target.table}_row_no").as_string(connection)
    connection.execute("select setval(%s::regclass, 1, false)", [sequence])


def _load(
    connection: psycopg.Connection, delivery: Delivery, target: Target, kept: KeptFile, place: Place, *, careful: bool
) -> Loaded:
    with _received(delivery, kept, place) as received:
        table = open_table(received, delivery.dialect, place)
        layout = match_columns(table.headings, delivery, place)
        loaded = Loaded(layout, "", Inspector(delivery, frozenset(layout.columns)))
        if not careful and layout.is_whole and not delivery.holds_personal_data:
            copy = _copy_statement(target, layout.columns, delivery.dialect, table.server_encoding)
            chunks = _inspected(table, loaded, delivery, place)
        else:
            plain = Dialect("utf-8", delivery.dialect.delimiter)
            copy = _copy_statement(target, (*layout.columns, *(("row_no",) if careful else ())), plain, "UTF8")
            chunks = _plain_rows(table, loaded, delivery, kept, place, careful)
        # Blocks are read, hashed, kept and judged while the server takes those before them.
        with closing(make_ahead(chunks)) as prepared:
            loaded.row_count = _copy(connection, copy, prepared, delivery.dialect.encoding, place)
        if not careful and loaded.row_count != loaded.inspector.lines:
            # Rows that span lines: a value with a line end, or a stray quote that swallowed one. Look closely.
            raise IllFormedRowsError
        loaded.content_sha256 = received.sha256()
    return loaded


def _inspected(table: Table, loaded: Loaded, delivery: Delivery, place: Place) -> Iterator[bytes]:
    """The bytes as they are, judged on the way unless they have been."""
    if delivery.judged_rows is None:
        return inspect_blocks(cut_blocks(table.chunks, place), loaded.layout, delivery.dialect, loaded.inspector)
    loaded.inspector.lines = delivery.judged_rows
    return table.chunks


def _plain_rows(
    table: Table, loaded: Loaded, delivery: Delivery, kept: KeptFile, place: Place, careful: bool
) -> Iterator[bytes]:
    """The kept columns as UTF-8; of personal data these are also the bytes that are kept."""
    chunks = recode(table.chunks, table.server_encoding, place)
    if careful:
        loaded.inspector.is_clean = False
        rows = _bounded(split_rows(chunks, loaded.layout, delivery.dialect), loaded, place)
        chunks = pack_rows(rows, delivery.dialect.delimiter, lambda bad: _note_bad(bad, delivery, loaded))
    else:
        chunks = filter_blocks(cut_blocks(chunks, place), loaded.layout, delivery.dialect, loaded.inspector)
    if not delivery.holds_personal_data:
        yield from chunks
        return
    heading = io.StringIO()
    names = [loaded.layout.headings[index] for index in loaded.layout.kept]
    csv.writer(heading, delimiter=delivery.dialect.delimiter, lineterminator="\n").writerow(
        [*names, *(["row_no"] if careful else [])]
    )
    kept.write(heading.getvalue().encode())
    for chunk in chunks:
        kept.write(chunk)
        yield chunk


def _note_bad(bad: BadRow, delivery: Delivery, loaded: Loaded) -> None:
    loaded.bad_rows.append(BadRow(bad.row_no, delivery.refused.get(bad.row_no, bad.reason)))


def _bounded(
    rows: Iterator[tuple[int, list[str]] | BadRow], loaded: Loaded, place: Place
) -> Iterator[tuple[int, list[str]] | BadRow]:
    for row in rows:
        if len(loaded.bad_rows) > MOST_BAD_ROWS:
            first = loaded.bad_rows[0]
            raise MalformedRowsError(
                place, f"more than {MOST_BAD_ROWS} rows are ill-formed, first row {first.row_no}", "ask for it again"
            )
        yield row


def _copy_statement(target: Target, columns: tuple[str, ...], dialect: Dialect, encoding: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    # An empty value is null however it is quoted, so that all ways of reading a file agree.
    return sql.SQL("copy {} ({}) from stdin (format csv, delimiter {}, quote {}, encoding {}, force_null ({}))").format(
        target.name, names, dialect.delimiter, dialect.quote or NO_QUOTE, encoding, names
    )


def _copy(
    connection: psycopg.Connection, statement: sql.Composed, chunks: Iterator[bytes], encoding: str, place: Place
) -> int:
    fault: psycopg.Error
    try:
        with connection.cursor() as cursor:
            with cursor.copy(statement) as copy:
                for chunk in chunks:
                    copy.write(chunk)
            return cursor.rowcount
    except psycopg.Error as error:
        fault = error
    # Raised outside the handler: the server's own message quotes the row.
    if fault.sqlstate == BAD_FORM:
        raise IllFormedRowsError
    if fault.sqlstate in INVALID_BYTES:
        line = re.search(r", line (\d+)", fault.diag.context or "")
        raise invalid_bytes(place, encoding, int(line[1]) if line else None)
    what, advice = meaning(fault.sqlstate)
    raise RetryableError(place, f"the rows did not land, for {what}", f"{advice}, and run it again")


class _Received:
    """The plain bytes of a delivery, hashed and kept while they are read."""

    def __init__(self, reader: Reader, kept: KeptFile | None, sha256: str | None) -> None:
        self._reader, self._kept, self._sha256 = reader, kept, sha256
        self._hash = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._reader.read(size)
        if self._kept is not None:
            self._kept.write(chunk)
        elif self._sha256 is None:
            self._hash.update(chunk)
        return chunk

    def sha256(self) -> str:
        if self._sha256 is not None:
            return self._sha256
        return self._kept.sha256() if self._kept is not None else self._hash.hexdigest()


@contextmanager
def _received(delivery: Delivery, kept: KeptFile, place: Place) -> Iterator[_Received]:
    keeps_original = not delivery.holds_personal_data
    if not is_packed(delivery.path, place):
        with delivery.path.open("rb", buffering=0) as file:
            yield _Received(file, kept if keeps_original else None, None)
        return
    if keeps_original:
        with delivery.path.open("rb") as file:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                kept.write(chunk)
    with unpack(delivery.path, delivery.limits, place) as reader:
        yield _Received(reader, None, hash_file(delivery.path))
