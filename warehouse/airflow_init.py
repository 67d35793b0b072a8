"""Make ready what Airflow's components need: the warehouse, Airflow's own database, pools, the page's password.

Runs before the components, in `make demo` and as the one-shot service `airflow-init` of docker-compose.yml; both give
it the same environment as the components. It may be repeated.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from warehouse.database import connect, prepare
from warehouse.secrets_file import read_or_make
from warehouse.settings import PROJECT, Settings, get_settings

POOLS = PROJECT / "dags" / "pools.json"


def main() -> None:
    """Do all of it."""
    settings = get_settings()
    prepare(settings)
    make_database(settings, os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"])
    write_password(settings, Path(os.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"]))
    # One process for both commands: starting Airflow's command line costs seconds.
    for command in (["db", "migrate"], ["pools", "import", str(POOLS)]):
        call_airflow(command)


def make_database(settings: Settings, airflow_url: str) -> None:
    """Make Airflow's role and database beside the warehouse, as its SQLAlchemy URL names them."""
    address = make_url(airflow_url)
    role, database = sql.Identifier(str(address.username)), sql.Identifier(str(address.database))
    with connect("owner", settings=settings, autocommit=True) as connection:
        if not _exists(connection, "pg_roles", "rolname", address.username):
            connection.execute(sql.SQL("create role {} login").format(role))
        connection.execute(sql.SQL("alter role {} password {}").format(role, str(address.password)))
        if not _exists(connection, "pg_database", "datname", address.database):
            connection.execute(sql.SQL("grant {} to current_user").format(role))
            connection.execute(sql.SQL("create database {} owner {}").format(database, role))
        connection.execute(sql.SQL("revoke all on database {} from public").format(database))


def write_password(settings: Settings, file: Path) -> None:
    """Write the page's user for Airflow's simple auth manager: the given password, or a generated one."""
    given = os.environ.get("AIRFLOW_ADMIN_PASSWORD")
    password = given or read_or_make(settings.secrets_file, "airflow_admin")["airflow_admin"]
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump({"admin": password}, stream)


def call_airflow(arguments: list[str]) -> None:
    """Run one command of Airflow's command line in this process."""
    from airflow.cli.cli_parser import get_parser

    parsed = get_parser().parse_args(arguments)
    parsed.func(parsed)


def _exists(connection: psycopg.Connection, catalogue: str, column: str, name: str | None) -> bool:
    query = sql.SQL("select 1 from {} where {} = %s").format(sql.Identifier(catalogue), sql.Identifier(column))
    return connection.execute(query, [name]).fetchone() is not None


if __name__ == "__main__":
    main()
