"""Connections to the warehouse, one role each, and the migrations that make it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError

from warehouse.dictionary import write_comments
from warehouse.errors import KnownError
from warehouse.secrets_file import read_or_make
from warehouse.server import DATABASE, OWNER, Server
from warehouse.settings import PROJECT, Settings, get_settings

VERIFYING = ("verify-full", "verify-ca")

if TYPE_CHECKING:  # imported where it is used: most processes do not migrate
    from alembic.config import Config

ROLES = ("ejd_loader", "ejd_transformer", "ejd_publisher", "ejd_analyst")
# ICU and PostgreSQL have one name for the driver; psycopg 3 is the only one in use.
DRIVER = "postgresql+psycopg"
# What a URL may say of how to reach and verify the server, and the variable that says the same.
LIBPQ_VARIABLES = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "sslcrl": "PGSSLCRL",
    "require_auth": "PGREQUIREAUTH", "channel_binding": "PGCHANNELBINDING", "connect_timeout": "PGCONNECT_TIMEOUT",
}  # fmt: skip


class UnverifiedServerError(KnownError):
    """The server is not on this machine and nothing says that it is the right one."""


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


def verified(given: URL) -> URL:
    """The address of a server elsewhere, with its identity checked and passwords by scram only; loopback as it is.

    Raises:
        UnverifiedServerError: a connection could be read or answered by somebody in between.
    """
    if is_on_loopback(given):
        return given
    if given.query.get("sslmode") not in VERIFYING:
        raise UnverifiedServerError(
            "EJENDOMSTAL_DATABASE_URL names a server elsewhere without verifying it: add ?sslmode=verify-full"
            "&sslrootcert=<file of its authority>, or, inside a private network only, set "
            "EJENDOMSTAL_ALLOW_UNVERIFIED_SERVER=true."
        )
    # A server that asks for the password itself, or for its md5, gets no answer.
    return given if "require_auth" in given.query else given.update_query_dict({"require_auth": "scram-sha-256"})


def is_on_loopback(address: URL) -> bool:
    """Whether every host of an address is this machine, by its own name, number or socket."""
    named = address.query.get("host", ())
    hosts = [address.host or "", *(named if isinstance(named, tuple) else (named,))]
    return all(is_loopback_host(host) for text in hosts for host in text.split(",") if host)


def is_loopback_host(host: str) -> bool:
    """Whether a host's name, number or socket folder can only be this machine."""
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False  # a name: wherever it leads today, it may lead elsewhere tomorrow


def libpq_environment(address: URL) -> dict[str, str]:
    """The same address as variables that every program over libpq reads, psql and dbt among them. Holds a password."""
    parts = {
        "PGHOST": address.host, "PGPORT": address.port or 5432, "PGUSER": address.username,
        "PGPASSWORD": address.password, "PGDATABASE": address.database,
    }  # fmt: skip
    queried = {LIBPQ_VARIABLES[name]: value for name, value in address.query.items() if name in LIBPQ_VARIABLES}
    return {name: str(value) for name, value in (parts | queried).items() if value is not None}


def role_password(role: str, settings: Settings) -> str:
    """Password of a role: the one setting for all, or the generated one."""
    if settings.role_password is not None:
        return settings.role_password.get_secret_value()
    return read_or_make(settings.secrets_file, role)[role]


def prepare(settings: Settings) -> None:
    """Make database, schemas and roles if they are missing, bring them to the newest migration, set passwords.

    Also puts the data dictionary's texts on the views that readers query.
    """
    create_database(settings)
    _migrate(settings)
    with connect("owner", settings=settings, autocommit=True) as connection:
        for role in ROLES:
            # Hashed here: no log of the server sees a password, and none is stored as md5.
            hashed = connection.pgconn.encrypt_password(
                role_password(role, settings).encode(), role.encode(), b"scram-sha-256"
            )
            connection.execute(sql.SQL("alter role {} password {}").format(sql.Identifier(role), hashed.decode()))
        with connection.transaction():
            write_comments(connection)


@contextmanager
def open_warehouse(settings: Settings) -> Iterator[None]:
    """Have a running, migrated warehouse; an embedded server started here is stopped again."""
    with running(settings):
        prepare(settings)
        yield


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """Have a running server, its database as it is; an embedded server started here is stopped again."""
    server = Server(settings)
    started = server.is_embedded and not server.is_running()
    if started:
        server.start()
    try:
        yield
    finally:
        if started:
            server.stop()


def _owner_url(settings: Settings) -> URL:
    if settings.database_url is not None:
        given = make_url(settings.database_url.get_secret_value()).set(drivername=DRIVER)
        given = given if given.database else given.set(database=DATABASE)
        return given if settings.allow_unverified_server else verified(given)
    server = Server(settings)
    address = server.address()
    return URL.create(DRIVER, OWNER, server.password(), address.host, address.port, DATABASE)


def create_database(settings: Settings) -> None:
    """Make the warehouse's database, empty, if the server does not have it."""
    target = url("owner", settings=settings)
    with psycopg.connect(conninfo(target.set(database="postgres")), autocommit=True) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", [target.database]).fetchone()
        if known is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(str(target.database))))


def migrations(settings: Settings) -> Config:
    """Alembic's configuration: where the migrations are, and the database they are for."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(PROJECT / "warehouse" / "migrations"))
    config.attributes["url"] = url("owner", settings=settings)
    return config


def _migrate(settings: Settings) -> None:
    from alembic import command

    try:
        command.upgrade(migrations(settings), "head")
    except DBAPIError as error:
        # A lost connection is the same fault, whichever library had it.
        raise (error.orig if isinstance(error.orig, psycopg.OperationalError) else error) from None
