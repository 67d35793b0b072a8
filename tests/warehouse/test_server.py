"""The embedded PostgreSQL as an installation gets it."""

from __future__ import annotations

import os
import signal
import stat
import time
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import psycopg
import pytest

from warehouse.database import connect, url
from warehouse.processes import free_port, is_alive
from warehouse.secrets_file import read_or_make
from warehouse.server import OWNER, Server, _is_free
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
    with connect("owner", autocommit=True) as connection:
        connection.execute("checkpoint")  # what tests before this one logged would be repeated for minutes
    pid = int((server.data / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while is_alive(pid):
        assert time.monotonic() < deadline
    assert not server.is_running()
    server.start()
    assert show("data_checksums") == "on"


def test_a_server_killed_while_an_unlogged_table_was_made_starts_again(clean_warehouse: Settings) -> None:
    server = Server(clean_warehouse)
    with connect("owner", autocommit=True) as connection:
        connection.execute("checkpoint")
        connection.execute("create unlogged table public.half_made (number integer)")
        (path,) = connection.execute("select pg_relation_filepath('public.half_made')").fetchone() or ("",)
    server.stop(immediate=True)
    (server.data / f"{path}_init").unlink()  # as an abort whose record was not written leaves it
    before = server.log.read_text()
    server.start()
    assert "File exists" in server.log.read_text().removeprefix(before), "PostgreSQL minds no more: start it once"
    with connect("owner", autocommit=True) as connection:
        assert connection.execute("select count(*) from public.half_made").fetchone() == (0,)
        connection.execute("drop table public.half_made")


def test_secrets_are_made_once_and_then_kept(tmp_path: Path) -> None:
    first = read_or_make(tmp_path / "secrets.json", "one")
    second = read_or_make(tmp_path / "secrets.json", "one", "two")
    assert second["one"] == first["one"]
    assert second["two"] != second["one"]
    assert len(second["two"]) >= 24


def test_a_taken_port_is_seen_as_taken(warehouse: Settings) -> None:
    assert not _is_free(Server(warehouse).address().port)
    assert _is_free(free_port())


def test_who_starts_a_server_that_is_recovering_waits_until_it_accepts_connections(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EJENDOMSTAL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("EJENDOMSTAL_DATABASE_URL", raising=False)
    server = Server(Settings())
    server.start()
    server.stop(immediate=True)
    (server.data / "recovery.signal").touch()
    held = tmp_path / "held"
    held.touch()
    # PostgreSQL asks for WAL that nobody has: it recovers until the file is gone. As in a restore nobody may read
    # meanwhile; else it says that it is ready before it is done.
    slow = f"while test -e {held}; do sleep 0.1; done; false"
    with ThreadPoolExecutor(2) as threads:
        try:
            first = threads.submit(server.start, f"restore_command = '{slow}'", "hot_standby = off")
            while not server.is_running():
                time.sleep(0.05)
            second = threads.submit(server.start)
            assert wait([second], timeout=2).done == set()
            held.unlink()
            assert second.result(60) == first.result(60)
            with psycopg.connect(
                host="127.0.0.1", port=server.address().port, user=OWNER, password=server.password(), dbname="postgres"
            ) as connection:
                assert connection.execute("select pg_is_in_recovery()").fetchone() == (False,)
        finally:
            held.unlink(missing_ok=True)
            server.stop(immediate=True)
