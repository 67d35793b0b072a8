"""Load the register and the municipalities' mappings into schema `register`.

One transaction, and only rows that differ are written: loading the same files twice writes nothing.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from register.municipality import read_municipalities
from register.peer_groups import read_lists, read_method
from register.read import read_register
from register.rows import KEY_FIGURES, TABLES, Row, Table, content_sha256, table_rows
from register.schema import RegisterError
from warehouse.database import connect
from warehouse.settings import Settings

# One load at a time: two would compare with rows the other is about to change. Any number that only loads use.
LOAD_LOCK = 7421001


def load(settings: Settings) -> str:
    """Bring the tables of schema `register` in line with the files.

    Returns:
        hash over everything loaded.

    Raises:
        RegisterError: a file is wrong, or a published definition changed without a new version; nothing is written.
    """
    rows = _read(settings)
    with connect("ejd_loader", settings=settings) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", [LOAD_LOCK])
        found = {table: _found(connection, table) for table in TABLES}
        _refuse_silent_changes(connection, _by_key(KEY_FIGURES, rows[KEY_FIGURES]), found[KEY_FIGURES])
        for table in TABLES:
            _write(connection, table, _by_key(table, rows[table]), found[table])
        for table in reversed(TABLES):
            _delete(connection, table, found[table].keys() - _by_key(table, rows[table]).keys())
        # A municipality's readers are a group, there before a login joins it. What is restricted is hidden in the
        # transaction that says so.
        connection.execute("select ops.make_municipality_role(municipality_code) from register.municipalities")
        connection.execute("select ops.protect_restricted(false)")
    return content_sha256(rows)


def _read(settings: Settings) -> dict[Table, list[Row]]:
    register = read_register()
    municipalities = read_municipalities(settings.municipalities, register)
    return table_rows(register, municipalities, read_method(), read_lists(settings.config))


def _by_key(table: Table, rows: list[Row]) -> dict[Row, Row]:
    return {row[: table.key_length]: row for row in rows}


def _found(connection: psycopg.Connection, table: Table) -> dict[Row, Row]:
    query = sql.SQL("select {} from {}").format(_names(table.columns), _identifier(table))
    return _by_key(table, connection.execute(query).fetchall())


def _refuse_silent_changes(connection: psycopg.Connection, new: dict[Row, Row], old: dict[Row, Row]) -> None:
    """A version that has been published keeps its meaning, and stays in the register, for ever."""
    meaning = KEY_FIGURES.columns.index("definition_sha256")
    for key, row in old.items():
        if key in new and new[key][meaning] == row[meaning]:
            continue
        if not _is_published(connection, key):
            continue
        code, version = key
        file = f"register, key figure {code} version {version}"
        if key in new:
            advice = f"leave it as it was, raise version to {version + 1} in a file of its own and end this one's years"
            raise RegisterError(file, "is published and its definition has changed", advice)
        raise RegisterError(file, "is published and its file is gone", "put it back and end it with valid_to")


def _is_published(connection: psycopg.Connection, key: Row) -> bool:
    query = "select exists (select from published.key_figures where key_figure_code = %s and version = %s)"
    row = connection.execute(query, key).fetchone()
    return row is not None and bool(row[0])


def _write(connection: psycopg.Connection, table: Table, new: dict[Row, Row], old: dict[Row, Row]) -> None:
    changed = [row for key, row in new.items() if old.get(key) != row]
    if not changed:
        return
    others = table.columns[table.key_length :]
    updates = sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in others)
    statement = sql.SQL("insert into {} ({}) values ({}) on conflict ({}) do {}").format(
        _identifier(table),
        _names(table.columns),
        sql.SQL(", ").join(sql.Placeholder() for _ in table.columns),
        _names(table.key),
        sql.SQL("update set {}").format(updates) if others else sql.SQL("nothing"),
    )
    connection.cursor().executemany(statement, changed)


def _delete(connection: psycopg.Connection, table: Table, keys: Any) -> None:
    if not keys:
        return
    conditions = sql.SQL(" and ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in table.key)
    connection.cursor().executemany(
        sql.SQL("delete from {} where {}").format(_identifier(table), conditions), list(keys)
    )


def _identifier(table: Table) -> sql.Identifier:
    return sql.Identifier("register", table.name)


def _names(columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in columns)
