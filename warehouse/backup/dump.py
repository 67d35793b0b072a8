"""A server of one's own: its owner backs up the server; we dump our database, and the roles it names."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
from psycopg import sql

from warehouse.backup.manifest import BackupError
from warehouse.backup.physical import run_client
from warehouse.database import connect, create_database, url
from warehouse.settings import Settings

DUMP, ROLES_FILE = "warehouse.dump", "roles.json"
# Ours, those that are members of ours, and no one else's.
ROLES = """
with recursive ours as (
    select oid from pg_roles where starts_with(rolname, 'ejd_')
    union
    select member from pg_auth_members join ours on roleid = ours.oid
)
select rolname, rolcanlogin, rolinherit, rolconnlimit, rolvaliduntil::text, coalesce(rolconfig, '{}'),
    array(select roleid::regrole::text from pg_auth_members m join ours o on o.oid = m.roleid where m.member = r.oid)
from pg_roles r where oid in (select oid from ours) and rolname <> current_user order by rolname
"""


def save(settings: Settings, folder: Path) -> None:
    """Write `warehouse.dump` (one consistent snapshot) and `roles.json`, without any password."""
    with connect("owner", settings=settings) as connection:
        roles = [list(row) for row in connection.execute(ROLES)]
    (folder / ROLES_FILE).write_text(json.dumps(roles, indent=1))
    target = ("--format=custom", "--compress=gzip:1", "--file", str(folder / DUMP))
    run_client("pg_dump", *target, "--no-password", address=url("owner", settings=settings))


def restore(settings: Settings, folder: Path) -> None:
    """Fill an empty database, in one transaction.

    Raises:
        BackupError: the database already holds a warehouse.
    """
    create_database(settings)
    address = url("owner", settings=settings)
    with connect("owner", settings=settings) as connection:
        if connection.execute("select to_regnamespace('ops')").fetchone() != (None,):
            raise BackupError(f"database {address.database} holds a warehouse: restore into an empty one.")
        _make_roles(connection, json.loads((folder / ROLES_FILE).read_text()))
    target = ("--dbname", str(address.database), "--single-transaction", "--exit-on-error")
    run_client("pg_restore", *target, "--no-password", str(folder / DUMP), address=address)


def _make_roles(connection: psycopg.Connection, roles: list[list]) -> None:
    known = {name for (name,) in connection.execute("select rolname from pg_roles")}
    for name, logs_in, inherits, limit, until, settings, _ in roles:
        role = sql.Identifier(name)
        if name not in known:
            connection.execute(
                sql.SQL("create role {} {} {} connection limit {}").format(
                    role, sql.SQL("login" if logs_in else "nologin"), sql.SQL("inherit" if inherits else "noinherit"),
                    sql.Literal(limit),
                )
            )  # fmt: skip
        if until is not None:
            connection.execute(sql.SQL("alter role {} valid until {}").format(role, until))
        for setting in settings:
            key, _, value = setting.partition("=")
            connection.execute(sql.SQL("alter role {} set {} to {}").format(role, sql.Identifier(key), value))
    for name, *_, groups in roles:
        for group in groups:
            connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(group), sql.Identifier(name)))
    if connection.info.parameter_status("is_superuser") != "on":
        for name, *_ in roles:  # what is restored in their name, and nothing else, needs this
            connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(name)))
