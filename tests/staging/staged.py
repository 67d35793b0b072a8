"""Staging models of one source, built by dbt from what its connector has landed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from tests.dbt.conftest import run_dbt
from warehouse.database import connect
from warehouse.settings import Settings

Rows = list[dict[str, Any]]


def stage(settings: Settings, target: Path, *sources: str) -> dict[str, Rows]:
    """Build and test the models of `sources` with one dbt process; return every table of schema staging."""
    paths = [f"path:models/staging/{source}" for source in sources]
    # cautious: no tests that hold staging against later layers, which are not built here
    run_dbt(settings, target, "build", "--indirect-selection", "cautious", "--select", *paths)
    with connect("owner", settings=settings, row_factory=dict_row) as connection:
        names = connection.execute(
            "select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where n.nspname = 'staging' and c.relkind in ('r', 'v')"
        ).fetchall()
        return {
            one["name"]: connection.execute(
                sql.SQL("select * from staging.{}").format(sql.Identifier(one["name"]))
            ).fetchall()
            for one in names
        }
