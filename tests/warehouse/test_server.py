"""The embedded PostgreSQL as an installation gets it."""

from __future__ import annotations

import os
import signal
import stat
import time
from pathlib import Path

import psycopg
import pytest

from warehouse.database import connect, url
from warehouse.processes import free_port, is_alive
from warehouse.secrets_file import read_or_make
from warehouse.server import Server, _is_free
from warehouse.settings import Settings


def show(name: str) -> str:
    with connect("owner") as connection:
        row = connection.execute(f"show {name}".encode()).fetchone()
    assert row is not None
    return str(row[0])


def test_the_cluster_has_checksums_scram_and_listens_on_loopback_only(warehouse: Settings) -> None:
    assert show("data_checksums") == "on"
    assert show("password_encryption") == "scram-sha-256"
    assert show("listen_addresses") == "127.0.0.1"
    assert show("unix_socket_directories") == ""
    rules = [line.split() for line in (warehouse.home / "pg" / "pg_hba.conf").read_text().splitlines()]
    assert {rule[-1] for rule in rules if rule and not rule[0].startswith("#")} == {"scram-sha-256"}


def test_secrets_are_readable_by_their_owner_only(warehouse: Settings) -> None:
    assert stat.S_IMODE(warehouse.secrets_file.stat().st_mode) == 0o600


def test_a_wrong_password_is_refused(warehouse: Settings) -> None:
    address = url("ejd_analyst")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=address.host, port=address.port, user="ejd_analyst", password="wrong", dbname="ejendomstal"
        )


def test_starting_a_running_server_changes_nothing(warehouse: Settings) -> None:
    server = Server(warehouse)
    before = server.address()
    assert server.start() == before
    assert server.is_running()


def test_a_server_given_by_setting_is_not_started_or_stopped(
    warehouse: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = url("owner").set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("EJENDOMSTAL_DATABASE_URL", address)
    monkeypatch.setenv("EJENDOMSTAL_HOME", str(warehouse.home / "elsewhere"))
    given = Settings()
    assert not Server(given).is_embedded
    with connect("owner", settings=given) as connection:
        assert connection.execute("select current_user").fetchone() == ("ejd_owner",)
    assert not (warehouse.home / "elsewhere" / "pg").exists()


def test_a_killed_server_starts_again_at_once(clean_warehouse: Settings) -> None:
    """Whoever collects its process may take a while; until then pg_ctl says that it runs."""
    server = Server(clean_warehouse)
    pid = int((server.data / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < deadline
    assert not server.is_running()
    server.start()
    assert show("data_checksums") == "on"


def test_secrets_are_made_once_and_then_kept(tmp_path: Path) -> None:
    first = read_or_make(tmp_path / "secrets.json", "one")
    second = read_or_make(tmp_path / "secrets.json", "one", "two")
    assert second["one"] == first["one"]
    assert second["two"] != second["one"]
    assert len(second["two"]) >= 24


def test_a_taken_port_is_seen_as_taken(warehouse: Settings) -> None:
    assert not _is_free(Server(warehouse).address().port)
    assert _is_free(free_port())
