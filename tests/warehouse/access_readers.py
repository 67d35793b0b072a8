"""The world of access_world.py with a connection of every audience of the access matrix."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.warehouse.access_world import OWN, SHARING, YEAR, build
from warehouse.access import matrix
from warehouse.access.logins import grant, list_logins, revoke
from warehouse.database import connect, conninfo, url
from warehouse.settings import Settings

SOURCES = {
    matrix.AS_OF: "marts.key_figures_as_of(now())",
    matrix.LINES: "(select code as municipality_code, line.* from unnest(array['0991', '0992', '0993']) code "
    f"cross join lateral marts.lineage_postings(code, {YEAR}, array['C_RENG']) line) lines",
}
READERS = {matrix.OPEN: ("anyone_bi", None), matrix.OWN: ("own_bi", OWN)}


@dataclass
class World:
    """Who asks, and what the matrix's placeholders stand for."""

    settings: Settings
    values: dict[str, list[str]]
    connections: dict[str, psycopg.Connection]
    passwords: dict[str, str] = field(default_factory=dict)

    def ask(self, audience: str, query: str, **values: Any) -> list[tuple[Any, ...]]:
        """Answer of a query, as somebody of the audience."""
        return self.connections[audience].execute(query.encode(), values or None).fetchall()

    def count(self, audience: str, relation: str) -> dict[str, int]:
        """Rows of a relation by class."""
        query = matrix.count_query(relation, SOURCES.get(relation))
        return dict(self.connections[audience].execute(query.encode(), self.values).fetchall())

    def log_in(self, name: str) -> psycopg.Connection:
        """A further session of a reader."""
        address = url("owner", settings=self.settings).set(username=name, password=self.passwords[name])
        return psycopg.connect(conninfo(address), autocommit=True)


@contextmanager
def access_world(settings: Settings) -> Iterator[World]:
    """Build it, log everybody in; empty it again."""
    empty(settings)
    build(settings)
    world = World(settings, _values(settings), {})
    for role in (matrix.ANALYST, matrix.PUBLISHER):
        world.connections[role] = connect(role, settings=settings, autocommit=True)
    for audience, (name, code) in READERS.items():
        world.passwords[name] = str(grant(settings, name, code, renew_password=True).password)
        world.connections[audience] = world.log_in(name)
    try:
        yield world
    finally:
        for connection in world.connections.values():
            connection.close()
        for login in list_logins(settings):
            revoke(settings, login.name)
        empty(settings)


def empty(settings: Settings) -> None:
    """Take every row away, but those of the audit trail."""
    with connect("owner", settings=settings) as connection:
        tables = connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables "
            "where schemaname in ('published', 'register', 'ops') and tablename <> 'audit_trail'"
        ).fetchall()
        connection.execute(f"truncate {', '.join(name for (name,) in tables)} restart identity cascade".encode())
        connection.execute("drop table if exists intermediate.int_postings__unioned")


def _values(settings: Settings) -> dict[str, list[str]]:
    with connect("owner", settings=settings) as connection:
        hidden = connection.execute("select property_id from ops.hidden_properties order by 1").fetchall()
        protected = connection.execute(
            "select concat_ws('|', municipality_code, year, key_figure_code, version, use_category) "
            "from ops.protected_figures order by 1"
        ).fetchall()
    return {
        "own": [OWN], "shared": [SHARING], "hidden": [name for (name,) in hidden],
        "protected": [key for (key,) in protected],
    }  # fmt: skip
