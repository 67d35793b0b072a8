"""Search everything that a process of ours may have written for what must not be there."""

from __future__ import annotations

import base64
import mmap
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from warehouse.database import conninfo, url
from warehouse.settings import Settings

# Columns that can hold a text, by table; partitions are searched by themselves.
TABLES = """
select n.nspname, c.relname, array_agg(a.attname::text order by a.attnum)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema')
    and n.nspname not like 'pg\\_%' and t.typcategory in ('S', 'A', 'U') and pg_relation_size(c.oid) > 0
group by 1, 2
order by 1, 2
"""
BLOCK = 2**22


def forms(secret: str, login: str = "") -> set[str]:
    """A secret as it stands, in a URL, and as the second half of a login in a header."""
    return {secret, quote(secret, safe=""), base64.b64encode(f"{login}:{secret}".encode()).decode()}


def files_with(needles: Collection[str], folder: Path, except_for: Iterable[Path] = ()) -> Iterator[str]:
    """Names of files below a folder that hold one of the texts."""
    wanted = [needle.encode() for needle in needles]
    spared = tuple(except_for)
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.is_symlink() or any(path.is_relative_to(one) for one in spared):
            continue
        if path.stat().st_size == 0:
            continue
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if any(content.find(needle) >= 0 for needle in wanted):
                yield path.relative_to(folder).as_posix()


def tables_with(needles: Collection[str], settings: Settings, database: str | None = None) -> Iterator[str]:
    """Names of tables with a row that holds one of the texts in a column that can hold a text."""
    wanted = [needle.encode() for needle in needles]
    with psycopg.connect(conninfo(url("owner", database, settings))) as connection:
        for schema, table, columns in connection.execute(TABLES.encode()).fetchall():
            listed = sql.SQL(", ").join(map(sql.Identifier, columns))
            statement = sql.SQL("copy {} ({}) to stdout").format(sql.Identifier(schema, table), listed)
            if any(block.find(one) >= 0 for block in _blocks(connection, statement) for one in wanted):
                yield f"{schema}.{table}"


def _blocks(connection: psycopg.Connection, statement: sql.Composed) -> Iterator[bytes]:
    """What COPY sends, many rows at a time: a search of single rows would take ten times as long."""
    kept = bytearray()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in copy:
            kept += row
            if len(kept) > BLOCK:
                yield bytes(kept)
                kept.clear()
    yield bytes(kept)
