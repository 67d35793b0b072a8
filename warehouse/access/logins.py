"""Logins of readers: give one, take it away, list them.

A login has no right of its own. It is a member of a group: `ejd_reader` (what is open to all), or
`ejd_municipality_<code>` (that, and the municipality's own rows). What it may use of the server is set on the login,
because settings of a group do not reach its members.
"""

from __future__ import annotations

import getpass
import re
import secrets
from dataclasses import dataclass
from typing import Literal

import psycopg
from psycopg import sql

from warehouse.database import connect
from warehouse.errors import KnownError
from warehouse.settings import Settings

READER = "ejd_reader"
MUNICIPALITY = "ejd_municipality_"
Role = Literal["reader", "own"]
CONNECTIONS = 5
# A reader may change these for a session: they keep honest queries from doing harm. The limit of connections holds.
SETTINGS = {
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "5min",
    "lock_timeout": "5s",
    "default_transaction_read_only": "on",
    "search_path": "marts",
}
NAME = re.compile(r"[a-z][a-z0-9_]{1,62}")
SHORTEST_PASSWORD = 16
GROUPS = """
select g.rolname from pg_auth_members m
join pg_roles g on g.oid = m.roleid
join pg_roles r on r.oid = m.member
where r.rolname = %s
order by 1
"""
LIST = """
select r.rolname, array_agg(g.rolname::text order by g.rolname), r.rolconnlimit,
    (select count(*) from pg_stat_activity a where a.usename = r.rolname)
from pg_roles r
join pg_auth_members m on m.member = r.oid
join pg_roles g on g.oid = m.roleid
where r.rolcanlogin and (g.rolname = 'ejd_reader' or g.rolname ~ '^ejd_municipality_[0-9]{4}$')
group by r.oid, r.rolname, r.rolconnlimit
order by r.rolname
"""


class AccessError(KnownError):
    """The login could not be given, taken or read; the message says what to do."""


@dataclass(frozen=True)
class Granted:
    """What a grant did. `password` is only there when it was made here: it is kept nowhere."""

    name: str
    group: str
    is_new: bool
    password: str | None


@dataclass(frozen=True)
class Login:
    """A reader's login and its groups."""

    name: str
    groups: tuple[str, ...]
    connection_limit: int
    sessions: int

    @property
    def municipalities(self) -> tuple[str, ...]:
        """Codes of the municipalities whose own rows it sees."""
        return tuple(group.removeprefix(MUNICIPALITY) for group in self.groups if group.startswith(MUNICIPALITY))


def grant(
    settings: Settings,
    name: str,
    municipality: str | None = None,
    *,
    role: Role | None = None,
    password: str | None = None,
    renew_password: bool = False,
) -> Granted:
    """Let a login see what is open, or also a municipality's own rows. Makes the login if there is none.

    Args:
        settings: where the warehouse is.
        name: the login; small letters, digits and _.
        municipality: whose rows, four digits; None for an open reader.
        role: `own` needs a municipality, `reader` has none; default: what `municipality` says.
        password: given by the caller; default: one is made for a new login and returned.
        renew_password: also give a login that exists a new password.

    Raises:
        AccessError: wrong name or password, a role that is not a reader's, or an unknown municipality.
    """
    group = _group(municipality, role)
    _check_name(name)
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise AccessError(f"the password is too short: use at least {SHORTEST_PASSWORD} characters, or have one made.")
    with connect("owner", settings=settings) as connection:
        if municipality is not None:
            _make_group(connection, municipality)
        is_new = _check_login(connection, name)
        password = (password or secrets.token_urlsafe(24)) if is_new or renew_password else None
        _set_up(connection, name, password, is_new=is_new)
        if group not in _groups(connection, name):
            connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(group), sql.Identifier(name)))
            record(connection, "grant", name, group)
        if password is not None and not is_new:
            record(connection, "new password", name)
    return Granted(name, group, is_new, password)


def revoke(settings: Settings, name: str, municipality: str | None = None) -> bool:
    """Take a municipality's rows from a login, or the login itself. Its sessions end at once.

    Returns:
        Whether the login is gone; it is when no group is left.

    Raises:
        AccessError: no such login of a reader, or not of this municipality.
    """
    with connect("owner", settings=settings, autocommit=True) as connection:
        with connection.transaction():
            if _check_login(connection, name):
                raise AccessError(f"there is no login {name}: `ejendomstal access list` has them all.")
            groups = _groups(connection, name)
            taken = groups if municipality is None else [f"{MUNICIPALITY}{municipality}"]
            if not set(taken) <= set(groups):
                raise AccessError(f"{name} is no reader of {municipality}: it is in {', '.join(groups)}.")
            login = sql.Identifier(name)
            is_gone = set(taken) == set(groups)
            if is_gone:
                connection.execute(sql.SQL("alter role {} nologin").format(login))
            for group in taken:
                connection.execute(sql.SQL("revoke {} from {}").format(sql.Identifier(group), login))
                record(connection, "revoke", name, group)
        # Rights are asked at every statement, but a statement or cursor that runs would go on.
        connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [name])
        if is_gone:
            _drop(connection, name)
    return is_gone


def list_logins(settings: Settings) -> list[Login]:
    """Every login of a reader."""
    with connect("owner", settings=settings) as connection:
        return [
            Login(name, tuple(groups), limit, sessions)
            for name, groups, limit, sessions in connection.execute(LIST.encode())
        ]


def record(connection: psycopg.Connection, action: str, subject: str, detail: str = "") -> None:
    """Add a line to the audit trail, in the transaction of what it tells."""
    connection.execute(
        "insert into ops.audit_trail (actor, action, subject, detail) values (%s, %s, %s, %s)",
        [getpass.getuser(), action, subject, detail],
    )


def _group(municipality: str | None, role: Role | None) -> str:
    if municipality is not None and not re.fullmatch(r"[0-9]{4}", municipality):
        raise AccessError(f"{municipality} is not a municipality code: use four digits, for example 0101.")
    if role == "own" and municipality is None:
        raise AccessError("role own needs --municipality: say whose rows.")
    if role == "reader" and municipality is not None:
        raise AccessError("role reader sees what is open of every municipality: leave --municipality out.")
    return READER if municipality is None else f"{MUNICIPALITY}{municipality}"


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name) or name.startswith(("ejd_", "pg_")):
        raise AccessError(
            "a login's name has 2 to 63 small letters, digits and _, begins with a letter and not with ejd_ or pg_."
        )


def _check_login(connection: psycopg.Connection, name: str) -> bool:
    """True when there is no such role; an error when there is one that this module did not make."""
    row = connection.execute(
        "select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication from pg_roles "
        "where rolname = %s",
        [name],
    ).fetchone()
    if row is None:
        return True
    groups = _groups(connection, name)
    if row[0] or not groups or not all(group == READER or group.startswith(MUNICIPALITY) for group in groups):
        raise AccessError(f"{name} is a role of something else on this server: choose another name.")
    return False


def _groups(connection: psycopg.Connection, name: str) -> list[str]:
    return [group for (group,) in connection.execute(GROUPS.encode(), [name])]


def _make_group(connection: psycopg.Connection, municipality: str) -> None:
    known = [code for (code,) in connection.execute("select municipality_code from register.municipalities order by 1")]
    if known and municipality not in known:
        raise AccessError(f"no municipality {municipality} is configured: use one of {', '.join(known)}.")
    connection.execute("select ops.make_municipality_role(%s)", [municipality])


def _set_up(connection: psycopg.Connection, name: str, password: str | None, *, is_new: bool) -> None:
    login = sql.Identifier(name)
    if is_new:
        connection.execute(sql.SQL("create role {}").format(login))
    connection.execute(sql.SQL("alter role {} login connection limit {}").format(login, sql.Literal(CONNECTIONS)))
    for setting, value in SETTINGS.items():
        connection.execute(
            sql.SQL("alter role {} set {} = {}").format(login, sql.Identifier(setting), sql.Literal(value))
        )
    if password is not None:
        # Only what scram needs to check it leaves this process: no log of the server can hold the password.
        verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
        connection.execute(sql.SQL("alter role {} password {}").format(login, sql.Literal(verifier)))


def _drop(connection: psycopg.Connection, name: str) -> None:
    try:
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(name)))
    except psycopg.errors.DependentObjectsStillExist:
        raise AccessError(
            f"{name} can no longer log in, but something on this server is still its own: see `drop role {name}`."
        ) from None
