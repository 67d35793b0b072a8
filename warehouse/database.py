"""Connections to the warehouse, one role each, and the migrations that make it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

from warehouse.dictionary import write_comments
from warehouse.secrets_file import read_or_make
from warehouse.server import DATABASE, OWNER, Server
from warehouse.settings import PROJECT, Settings, get_settings

ROLES = ("ejd_loader", "ejd_transformer", "ejd_publisher", "ejd_analyst")
# ICU and PostgreSQL have one name for the driver; psycopg 3 is the only one in use.
DRIVER = "postgresql+psycopg"


def url(role: str, database: str | None = None, settings: Settings | None = None) -> URL:
    """SQLAlchemy URL of one of our roles, or of `owner`. Holds a password: never print it."""
    settings = settings or get_settings()
    base = _owner_url(settings)
    if role != "owner":
        base = base.set(username=role, password=role_password(role, settings))
    return base.set(database=database or base.database)


def connect(
    role: str, *, autocommit: bool = False, settings: Settings | None = None, **options: Any
) -> psycopg.Connection:
    """Open a connection as one of our roles, or as `owner`."""
    return psycopg.connect(conninfo(url(role, settings=settings)), autocommit=autocommit, **options)


def conninfo(address: URL) -> str:
    """The same address in libpq's form."""
    return address.set(drivername="postgresql").render_as_string(hide_password=False)


def role_password(role: str, settings: Settings) -> str:
    """Password of a role: the one setting for all, or the generated one."""
    if settings.role_password is not None:
        return settings.role_password.get_secret_value()
    return read_or_make(settings.secrets_file, role)[role]


def prepare(settings: Settings) -> None:
    """Make database, schemas and roles if they are missing, bring them to the newest migration, set passwords.

    Also puts the data dictionary's texts on the views that readers query.
    """
    _create_database(settings)
    _migrate(settings)
    with connect("owner", settings=settings, autocommit=True) as connection:
        for role in ROLES:
            connection.execute(
                sql.SQL("alter role {} password {}").format(sql.Identifier(role), role_password(role, settings))
            )
        with connection.transaction():
            write_comments(connection)


@contextmanager
def open_warehouse(settings: Settings) -> Iterator[None]:
    """Have a running, migrated warehouse; an embedded server started here is stopped again."""
    server = Server(settings)
    started = server.is_embedded and not server.is_running()
    if started:
        server.start()
    try:
        prepare(settings)
        yield
    finally:
        if started:
            server.stop()


def _owner_url(settings: Settings) -> URL:
    if settings.database_url is not None:
        given = make_url(settings.database_url.get_secret_value()).set(drivername=DRIVER)
        return given if given.database else given.set(database=DATABASE)
    server = Server(settings)
    address = server.address()
    return URL.create(DRIVER, OWNER, server.password(), address.host, address.port, DATABASE)


def _create_database(settings: Settings) -> None:
    target = url("owner", settings=settings)
    with psycopg.connect(conninfo(target.set(database="postgres")), autocommit=True) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", [target.database]).fetchone()
        if known is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(str(target.database))))


def _migrate(settings: Settings) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(PROJECT / "warehouse" / "migrations"))
    config.attributes["url"] = url("owner", settings=settings)
    try:
        command.upgrade(config, "head")
    except DBAPIError as error:
        # A lost connection is the same fault, whichever library had it.
        raise (error.orig if isinstance(error.orig, psycopg.OperationalError) else error) from None
