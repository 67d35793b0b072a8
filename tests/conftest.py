"""Fixtures that more than one folder of tests needs: a real PostgreSQL, migrated."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg
import pytest
from xdist.scheduler import LoadScopeScheduling

from warehouse.database import connect, prepare
from warehouse.server import Server
from warehouse.settings import Settings, get_settings

ROOT = Path(__file__).resolve().parent.parent
# Folders whose tests share what takes long to make: one process runs them all. Elsewhere it is a file.
SHARING_FOLDERS = ("chain", "dags", "demo")
# So do the files that use the world of tests/dbt/conftest.py, and none of their own.
SHARED_WORLD = "built: Built"
OWN_WORLD = "def built("
KEPT_SCHEMAS = ("information_schema", "ops_migrations")


class SharingScheduling(LoadScopeScheduling):
    """Gives tests that belong together to one process. Groups by mark are lost on the way to xdist with pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        path = PurePosixPath(nodeid.split("::")[0])
        return str(path.parent) if _shares(path) else str(path)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharingScheduling:
    """Tell xdist which tests belong together when several processes run them."""
    return SharingScheduling(config, log)


@cache
def _shares(path: PurePosixPath) -> bool:
    if path.parent.name in SHARING_FOLDERS:
        return True
    text = (ROOT / path).read_text(encoding="utf-8")
    return SHARED_WORLD in text and OWN_WORLD not in text


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A running, migrated, empty warehouse in a folder of its own."""
    home = tmp_path_factory.mktemp("home")
    config = home / "config"
    (config / "municipalities").mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EJENDOMSTAL_HOME", str(home))
        patch.setenv("EJENDOMSTAL_CONFIG", str(config))
        patch.delenv("EJENDOMSTAL_DATABASE_URL", raising=False)
        patch.delenv("EJENDOMSTAL_ROLE_PASSWORD", raising=False)
        settings = get_settings()
        server = Server(settings)
        server.start()
        try:
            prepare(settings)
            yield settings
        finally:
            server.stop(immediate=True)


def drop_built(connection: psycopg.Connection[Any]) -> None:
    """Drop every table and view that dbt has made."""
    made = connection.execute(
        "select format('drop %s if exists %I.%I cascade', "
        "case c.relkind when 'v' then 'view' else 'table' end, n.nspname, c.relname) "
        "from pg_class c join pg_namespace n on n.oid = c.relnamespace "
        "where n.nspname in ('staging', 'intermediate', 'audit') and c.relkind in ('r', 'v')"
    ).fetchall()
    for (statement,) in made:
        connection.execute(statement)


@pytest.fixture
def clean_warehouse(warehouse: Settings) -> Settings:
    """The same server with every table of ours empty, and what dbt made and what was kept gone."""
    return empty(warehouse)


def empty(warehouse: Settings) -> Settings:
    """Empty every table of ours, and drop what dbt made and what was kept."""
    with connect("owner", autocommit=True) as connection:
        tables = connection.execute(
            "select format('%%I.%%I', schemaname, tablename) from pg_tables "
            "where schemaname not like 'pg\\_%%' and schemaname <> all(%s) "
            "and schemaname not in ('staging', 'intermediate', 'audit')",
            [list(KEPT_SCHEMAS)],
        ).fetchall()
        connection.execute("truncate " + ", ".join(name for (name,) in tables) + " restart identity cascade")
        drop_built(connection)
    for folder in ("deliveries", "quarantine", "pulls"):
        shutil.rmtree(warehouse.home / folder, ignore_errors=True)
    return warehouse


@pytest.fixture
def config_folder(warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty configuration folder for one test; EJENDOMSTAL_CONFIG points at it."""
    folder = tmp_path / "config"
    (folder / "municipalities").mkdir(parents=True)
    monkeypatch.setenv("EJENDOMSTAL_CONFIG", str(folder))
    return folder
