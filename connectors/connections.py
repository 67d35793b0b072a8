"""Where an API is and with which key: connections in Airflow's own form, also without Airflow.

`AIRFLOW_CONN_<ID>` holds JSON (`{"conn_type", "host", "port", "schema", "password", "extra"}`) or a URI
(`https://:key@host/path`). A key is percent-encoded in a URI. `host` may be a whole base URL. `extra` may tune the
client, see `connectors.policy.Policy`. A DAG hands in Airflow's own look-up instead.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from connectors.errors import ConfigError, Place


class ConnectionLike(Protocol):
    """The part of Airflow's Connection that is read here."""

    @property
    def host(self) -> Any:
        """Host name, or a whole base URL."""

    @property
    def schema(self) -> Any:
        """http or https, where `host` is a name only."""

    @property
    def port(self) -> Any:
        """Port, where it is not the usual one."""

    @property
    def login(self) -> Any:
        """The user, where a service asks for one beside the key."""

    @property
    def password(self) -> Any:
        """The key."""

    @property
    def extra(self) -> Any:
        """Settings of the client, as JSON text or a mapping."""


Resolver = Callable[[str], ConnectionLike]


@dataclass(frozen=True)
class StoredConnection:
    """A connection as read from the environment."""

    host: str | None = None
    schema: str | None = None
    port: int | None = None
    login: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    extra: str | None = None


@dataclass(frozen=True)
class Connection:
    """A resolved connection: base URL without a trailing slash, user and key, and the client's settings."""

    base_url: str
    key: str | None = field(default=None, repr=False)
    options: dict[str, Any] = field(default_factory=dict)
    login: str | None = field(default=None, repr=False)


def from_environment(connection_id: str) -> StoredConnection:
    """Read `AIRFLOW_CONN_<ID>`; an unset one is a KeyError, an unreadable one a ValueError."""
    text = os.environ[f"AIRFLOW_CONN_{connection_id.upper()}"]
    return _from_json(text) if text.lstrip().startswith("{") else _from_uri(text)


def open_connection(
    connection_id: str | None, place: Place, base_url: str, *, needs_key: bool, resolve: Resolver | None
) -> Connection:
    """Resolve a connection. Without an id it is the official service without a key.

    Raises:
        ConfigError: no such connection, unreadable, or without the key the source asks for.
    """
    if connection_id is None:
        stored: ConnectionLike = StoredConnection()
    else:
        stored = _look_up(connection_id, place, resolve or from_environment)
    if needs_key and not stored.password:
        raise ConfigError(place, f"connection {connection_id or '(none)'} has no key", "put it in as password")
    try:
        options = stored.extra if isinstance(stored.extra, dict) else json.loads(stored.extra or "{}")
    except ValueError:
        raise ConfigError(place, f"extra of connection {connection_id} is not JSON", "correct it") from None
    address = _base_url(stored, base_url)
    if not address:
        raise ConfigError(place, f"connection {connection_id or '(none)'} has no host", "put the service's address in")
    return Connection(address, stored.password or None, options, stored.login or None)


def _look_up(connection_id: str, place: Place, resolve: Resolver) -> ConnectionLike:
    variable = f"AIRFLOW_CONN_{connection_id.upper()}"
    try:
        return resolve(connection_id)
    except ValueError:
        raise ConfigError(place, f"{variable} is neither JSON nor a URI", "write it in Airflow's form") from None
    except Exception as error:
        # Airflow's look-up has several classes for "not found"; its message could hold the connection itself.
        problem = f"connection {connection_id} cannot be read ({type(error).__name__})"
        raise ConfigError(place, problem, f"set {variable} or make it in Airflow") from None


def _from_json(text: str) -> StoredConnection:
    given = json.loads(text)
    extra = given.get("extra")
    return StoredConnection(
        host=given.get("host"),
        schema=given.get("schema"),
        port=int(given["port"]) if given.get("port") else None,
        login=given.get("login"),
        password=given.get("password"),
        extra=json.dumps(extra) if isinstance(extra, dict) else extra,
    )


def _from_uri(text: str) -> StoredConnection:
    parts = urlsplit(text)
    if not parts.scheme:
        raise ValueError("no scheme")
    host = unquote((parts.netloc.rpartition("@")[2]).partition(":")[0] or "")
    query = dict(parse_qsl(parts.query))
    extra = query.pop("__extra__", None) or json.dumps(query)
    login = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    if "://" in host:
        return StoredConnection(host=host + parts.path, login=login, password=password, extra=extra)
    address = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "") + parts.path
    return StoredConnection(host=address if host else None, login=login, password=password, extra=extra)


def _base_url(stored: ConnectionLike, official: str) -> str:
    host = (stored.host or "").rstrip("/")
    if not host:
        return official.rstrip("/")
    if "://" in host:
        return str(host)
    # Airflow's HTTP connections default to http; a key must not travel so unless someone writes it.
    scheme = stored.schema if stored.schema in ("http", "https") else "https"
    return f"{scheme}://{host}" + (f":{stored.port}" if stored.port else "")
