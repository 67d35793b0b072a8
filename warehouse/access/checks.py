"""`ejendomstal access test`: every login is held against the matrix, and the database against its own rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql

from warehouse.access.logins import SETTINGS, Login, list_logins
from warehouse.access.matrix import COMPUTED, OPEN, OWN, RELATIONS, allowed, count_query
from warehouse.database import connect
from warehouse.settings import Settings

# Tables of published rows and of operations that a reader can reach through a view, without row security.
UNGUARDED = """
select format('%I.%I', n.nspname, c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relrowsecurity
    and (n.nspname = 'published' or n.nspname = 'ops' and has_any_column_privilege('ejd_reader', c.oid, 'select'))
order by 1
"""
OWNERS_VIEWS = """
select format('%I.%I', n.nspname, c.relname)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'v' and n.nspname = 'marts' and not coalesce(c.reloptions @> array['security_invoker=true'], false)
order by 1
"""
REACHABLE = """
select distinct n.nspname from pg_namespace n
where n.nspname not in ('marts', 'pg_catalog', 'information_schema', 'public') and n.nspname not like 'pg\\_%%'
    and has_schema_privilege(%(login)s, n.oid, 'usage')
order by 1
"""
CREATES = """
select n.nspname from pg_namespace n where has_schema_privilege(%(login)s, n.oid, 'create')
union all
select 'this database' where has_database_privilege(%(login)s, current_database(), 'create')
union all
select 'temporary tables' where has_database_privilege(%(login)s, current_database(), 'temporary')
order by 1
"""
ROLE = """
select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolconnlimit, coalesce(rolconfig, '{}')
from pg_roles where rolname = %(login)s
"""
POWERS = ("a superuser", "free of row security", "allowed to make roles", "allowed to make databases", "a replica")
OTHER_GROUPS = """
select r.rolname from pg_roles r
where r.rolname <> %(login)s and pg_has_role(%(login)s, r.oid, 'member')
    and r.rolname <> 'ejd_reader' and r.rolname !~ '^ejd_municipality_[0-9]{4}$'
order by 1
"""
SHARED = """
select distinct municipality_code from register.shares
where detail = 'properties' and (with_municipality = any (%(own)s) or with_municipality = '*' and %(own)s <> '{}')
    and municipality_code <> all (%(own)s)
"""
PROTECTED = """
select concat_ws('|', municipality_code, year, key_figure_code, version, use_category) from ops.protected_figures
"""


@dataclass(frozen=True)
class Tested:
    """What a login can see: rows by relation and class, and what is wrong."""

    login: Login
    seen: dict[str, dict[str, int]]
    faults: tuple[str, ...]


def test_database(settings: Settings) -> list[str]:
    """Faults of the database itself: what would let any reader past the rules."""
    with connect("owner", settings=settings) as connection:
        unguarded = [name for (name,) in connection.execute(UNGUARDED.encode())]
        owners = [name for (name,) in connection.execute(OWNERS_VIEWS.encode())]
    return [f"{name} has no row security." for name in unguarded] + [
        f"{name} is read with its owner's rights: make it security_invoker." for name in owners
    ]


def test_logins(settings: Settings, name: str | None = None) -> list[Tested]:
    """Hold every login, or one, against the matrix."""
    tested = []
    for login in list_logins(settings):
        if name in (None, login.name):
            with connect("owner", settings=settings) as connection:
                seen = _seen(connection, login)
                faults = (*_faults(connection, login), *_matrix_faults(connection, login, seen))
            tested.append(Tested(login, seen, faults))
    return tested


def _faults(connection: psycopg.Connection, login: Login) -> Iterator[str]:
    bound = {"login": login.name}
    row = connection.execute(ROLE.encode(), bound).fetchone()
    assert row is not None  # list_logins has just found it
    *powers, limit, configured = row
    yield from (f"it is {power}." for power, has in zip(POWERS, powers, strict=True) if has)
    if limit < 0:
        yield "it may open any number of connections."
    known = dict(setting.split("=", 1) for setting in configured)
    missing = [setting for setting in SETTINGS if setting not in known]
    if missing:
        yield f"it has no {', '.join(missing)}: grant it once more."
    yield from (f"it is a member of {group}." for (group,) in connection.execute(OTHER_GROUPS.encode(), bound))
    yield from (f"it can use schema {schema}." for (schema,) in connection.execute(REACHABLE.encode(), bound))
    yield from (f"it can make objects in {place}." for (place,) in connection.execute(CREATES.encode(), bound))


def _classes(connection: psycopg.Connection, login: Login) -> dict[str, list[str]]:
    own = list(login.municipalities)
    hidden = connection.execute("select property_id from ops.hidden_properties").fetchall()
    return {
        "own": own,
        "shared": [code for (code,) in connection.execute(SHARED.encode(), {"own": own})],
        "hidden": [property_id for (property_id,) in hidden],
        "protected": [key for (key,) in connection.execute(PROTECTED.encode())],
    }


def _seen(connection: psycopg.Connection, login: Login) -> dict[str, dict[str, int]]:
    """Rows by relation and class as the login sees them."""
    bound = _classes(connection, login)
    connection.execute(sql.SQL("set local role {}").format(sql.Identifier(login.name)))
    seen = {
        relation: {row_class: int(rows) for row_class, rows in connection.execute(_count(relation), bound)}
        for relation in RELATIONS
        if relation not in COMPUTED
    }
    connection.execute("reset role")
    return seen


def _matrix_faults(connection: psycopg.Connection, login: Login, seen: dict[str, dict[str, int]]) -> Iterator[str]:
    bound = _classes(connection, login)
    audience = OWN if login.municipalities else OPEN
    for relation, rows in seen.items():
        may = allowed(RELATIONS[relation], audience)
        for row_class, count in rows.items():
            if row_class not in may:
                yield f"it sees {count} rows of marts.{relation} that are {row_class}."
        there = {row_class: int(count) for row_class, count in connection.execute(_count(relation), bound)}
        for row_class in may:
            if rows.get(row_class, 0) < there.get(row_class, 0):
                yield f"it sees {rows.get(row_class, 0)} of {there[row_class]} rows of marts.{relation} that are " + (
                    f"{row_class}."
                )


def _count(relation: str) -> bytes:
    return count_query(relation).encode()
