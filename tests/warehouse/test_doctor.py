"""The doctor finds what was planted, says what to do, and finds nothing where all is well."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from tests.connectors.drops import configure, drop
from tests.connectors.scripted import json_answer, serve
from tests.warehouse.test_cli_sources import COLUMNS, POSTINGS, call, configure_ledger
from warehouse.airflow import Airflow
from warehouse.database import connect, prepare
from warehouse.doctor import Finding, database, examine, machine, reach
from warehouse.settings import Settings, get_settings

HEALTHY = {"metadatabase": {"status": "healthy"}}


@pytest.fixture
def healthy(
    clean_warehouse: Settings, config_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A warehouse with one delivery and one municipality; neither environment nor home folder names an Airflow."""
    monkeypatch.delenv("AIRFLOW__API__BASE_URL", raising=False)
    (Airflow(clean_warehouse).home / "port").unlink(missing_ok=True)  # other tests leave one
    drop(tmp_path / "drop", "posteringer_2025-01.csv", POSTINGS)
    configure_ledger(config_folder, tmp_path / "drop", columns=COLUMNS, drops=["Tekst"])
    call("pull")
    return get_settings()


@contextmanager
def planted(plant: str, mend: str) -> Iterator[None]:
    """A fault in the database, gone afterwards."""
    with connect("owner", autocommit=True) as connection:
        connection.execute(plant.encode())
        try:
            yield
        finally:
            connection.execute(mend.encode())


def bad(findings: Any) -> list[Finding]:
    return [finding for finding in findings if finding.level != "ok"]


def only(findings: Any) -> Finding:
    (found,) = bad(findings)
    return found


def test_a_healthy_warehouse_has_no_fault_and_a_line_for_every_check(healthy: Settings) -> None:
    printed = call("doctor")
    for check in ("configuration", "permissions", "versions", "disk", "server", "clock", "migration", "roles",
                  "deliveries", "sources"):  # fmt: skip
        assert f"ok {check}: " in printed, check
    assert "1 of 1 streams are as fresh as they should be" in printed
    assert "1 of 1 addresses and folders answer" in printed
    # the only thing to think about
    assert [finding.check for finding in bad(examine(healthy))] == ["archive"]


def test_a_fault_ends_the_command_with_status_1(healthy: Settings, config_folder: Path) -> None:
    (config_folder / "alerts.yml").write_text("mail: {}\n")
    printed = call("doctor", status=1)
    assert "fault configuration: alerts.yml: mail: Extra inputs are not permitted: correct it" in printed


def test_a_connection_that_is_not_set_is_a_warning(healthy: Settings, config_folder: Path) -> None:
    configure(config_folder, "0991", fm_dalux={"connection": "dalux_0991"})
    found = only(machine.check_configuration(healthy))
    assert (found.level, found.seen) == ("warning", "AIRFLOW_CONN_DALUX_0991 is not set")


def test_secrets_that_others_may_read_are_a_fault(healthy: Settings) -> None:
    healthy.secrets_file.chmod(0o640)
    try:
        found = only(machine.check_files(healthy))
    finally:
        healthy.secrets_file.chmod(0o600)
    assert (found.level, found.advice) == ("fault", f"chmod 600 {healthy.secrets_file}")


def test_packages_and_python_other_than_locked_are_faults(
    healthy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "runtime.txt"
    lock.write_text(
        'dbt-core==0.1 \\\n    --hash=sha256:00\nnever-there==1 ; python_version < "3"\n'
        "absent-package==2 \\\n    --hash=sha256:00\n"
    )
    monkeypatch.setattr(machine, "LOCK", lock)
    monkeypatch.setattr(machine, "distribution", lambda _: SimpleNamespace(metadata={"Requires-Python": ">=9"}))
    python, packages = machine.check_versions(healthy)
    assert python.level == packages.level == "fault"
    assert python.seen.endswith("wanted >=9")
    assert packages.seen == "not as locked: dbt-core 1.11.16 for 0.1, absent-package missing for 2"


@pytest.mark.parametrize(("gibibytes", "level"), [(0.5, "fault"), (3, "warning"), (6, "ok")])
def test_a_full_disk_is_a_fault_and_a_small_one_a_warning(
    healthy: Settings, monkeypatch: pytest.MonkeyPatch, gibibytes: float, level: str
) -> None:
    usage = shutil.disk_usage(healthy.home)._replace(free=int(gibibytes * 2**30))
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: usage)
    (found,) = machine.check_disk(healthy)
    assert (found.level, found.seen) == (level, f"{gibibytes:.1f} GiB free for home, kept bytes")


@pytest.mark.parametrize(("seconds", "level"), [(90, "fault"), (-90, "fault"), (10, "warning")])
def test_a_clock_that_is_not_the_servers_is_seen(
    healthy: Settings, monkeypatch: pytest.MonkeyPatch, seconds: int, level: str
) -> None:
    now = database.time.time
    monkeypatch.setattr(database, "time", SimpleNamespace(time=lambda: now() + seconds))
    found = next(found for found in bad(database.check_database(healthy)) if found.check == "clock")
    assert (found.level, found.seen.split()[0][:1]) == (level, str(abs(seconds))[:1])


@pytest.mark.parametrize(
    ("plant", "mend", "check", "seen"),
    [
        (
            "insert into ops.runs (command, started_at) values ('run', now() + interval '1 hour')",
            "delete from ops.runs where started_at > now()", "clock", "1 rows were written later than now",
        ),
        (
            "alter role ejd_analyst superuser", "alter role ejd_analyst nosuperuser",
            "roles", "ejd_analyst has rights over the whole server",
        ),
        (
            "alter role ejd_publisher nologin", "alter role ejd_publisher login",
            "roles", "ejd_publisher may not log in",
        ),
        (
            "alter role ejd_transformer reset lock_timeout", "alter role ejd_transformer set lock_timeout = '10s'",
            "roles", "ejd_transformer waits for locks without end",
        ),
        (
            "insert into ops.alerts (kind, subject, fingerprint, channel, state, error_class) "
            "values ('hold', 's', 'f', 'email', 'failed', 'TimeoutError')",
            "truncate ops.alerts", "alerts", "the last one by email was not sent (TimeoutError)",
        ),
        (
            "update ops.deliveries set landed_at = now() - interval '90 days'",
            "update ops.deliveries set landed_at = now()",
            "deliveries", "ledger_opus.postings, municipality 0992: newest delivery 90 days old, 62 are allowed",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_database_is_seen(healthy: Settings, plant: str, mend: str, check: str, seen: str) -> None:
    with planted(plant, mend):
        findings = [found for found in bad(database.check_database(healthy)) if found.check != "archive"]
    assert [(found.check, found.seen) for found in findings] == [(check, seen)]
    assert findings[0].advice


@pytest.mark.parametrize(("found_at", "seen"), [("0017", "older than the code (0017"), ("9999", "newer than the code")])
def test_another_migration_is_seen_and_nothing_is_migrated(healthy: Settings, found_at: str, seen: str) -> None:
    stamp = "update ops_migrations.alembic_version set version_num = '{}'"
    with connect("owner") as connection:
        (head,) = connection.execute("select version_num from ops_migrations.alembic_version").fetchone() or ("",)
    with planted(stamp.format(found_at), stamp.format(head)):
        found = next(found for found in bad(database.check_database(healthy)) if found.check == "migration")
        with connect("owner") as connection:
            row = connection.execute("select version_num from ops_migrations.alembic_version").fetchone()
    assert (found.level, row) == ("fault", (found_at,))
    assert seen in found.seen


def test_a_role_whose_password_is_another_is_seen(healthy: Settings) -> None:
    with planted("alter role ejd_loader password 'another'", "select 1"):
        findings = list(database._roles(healthy, connect("owner")))
    prepare(healthy)
    assert [found.seen for found in findings] == ["ejd_loader cannot log in with the password of secrets.json"]


def test_a_server_that_does_not_answer_or_is_not_verified_is_one_fault(healthy: Settings) -> None:
    for address, seen in (
        ("postgresql://ejd_owner:x@127.0.0.1:1/e", "PostgreSQL does not answer"),
        ("postgresql://ejd_owner:x@db.example.dk/e", "it is elsewhere and not verified"),
    ):
        given = healthy.model_copy(update={"database_url": SecretStr(address)})
        found = only(found for found in examine(given) if found.check in ("server", "roles", "migration"))
        assert (found.level, found.seen) == ("fault", seen)


def test_a_home_without_a_warehouse_is_a_fault_and_none_is_made(healthy: Settings, tmp_path: Path) -> None:
    empty = healthy.model_copy(update={"home": tmp_path / "empty"})
    (tmp_path / "empty").mkdir()
    found = only(found for found in examine(empty) if found.check == "server")
    assert found.seen.startswith("there is no warehouse in")
    assert list((tmp_path / "empty").iterdir()) == []


def test_an_archive_that_is_not_written_to_is_seen(
    healthy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archived = healthy.model_copy(update={"wal_archive": tmp_path / "wal"})
    with connect("owner") as connection:
        assert only(database._archive(archived, connection)).seen == "the server was started without the archive"
    answers = iter([("on",), (3, True)])
    broken: Any = SimpleNamespace(execute=lambda _: SimpleNamespace(fetchone=lambda: next(answers)))
    found = only(database._archive(archived, broken))
    assert (found.level, found.seen) == ("fault", "WAL cannot be archived (3 attempts)")


def test_sources_that_do_not_answer_are_faults_and_no_key_is_sent(
    healthy: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(config_folder, "0991", fm_dalux={"connection": "up"})
    configure(config_folder, "0993", fm_dalux={"connection": "down"})
    with serve(lambda *_: json_answer({})) as server:
        for name, host in (("UP", server.url), ("DOWN", "http://127.0.0.1:1")):
            connection = {"conn_type": "http", "host": host, "password": "s3cret"}
            monkeypatch.setenv(f"AIRFLOW_CONN_{name}", json.dumps(connection))
        findings = list(reach.check_sources(get_settings()))
        assert "s3cret" not in repr(server.asked)
    assert only(findings).seen == "127.0.0.1 (fm_dalux of 0993) does not answer (ConnectionError)"
    # the folder of 0992 and the service of 0991
    assert findings[-1].seen == "2 of 3 addresses and folders answer; keys are not tried"


def test_a_drop_folder_that_cannot_be_read_is_a_fault(healthy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # As root every folder can be read.
    monkeypatch.setattr(reach, "os", SimpleNamespace(access=lambda *_: False, R_OK=os.R_OK, X_OK=os.X_OK))
    assert only(reach.check_sources(healthy)).seen == "the drop folder of ledger_opus of 0992 cannot be read"


@pytest.mark.parametrize(
    ("scheduler", "level", "seen"),
    [
        ({"status": "healthy", "age": 5}, "ok", "the scheduler's heart beat 5 seconds ago"),
        ({"status": "healthy", "age": 300}, "fault", "the scheduler's heart last beat 300 seconds ago"),
        ({"status": "unhealthy", "age": 5}, "fault", "the scheduler's heart last beat 5 seconds ago"),
        ({"status": "unhealthy"}, "fault", "the scheduler has never run"),
    ],
)
def test_the_schedulers_heartbeat_is_read_where_there_is_an_airflow(
    healthy: Settings, monkeypatch: pytest.MonkeyPatch, scheduler: dict[str, Any], level: str, seen: str
) -> None:
    assert list(reach.check_airflow(healthy)) == []
    beat = (datetime.now(UTC) - timedelta(seconds=scheduler["age"])).isoformat() if "age" in scheduler else None
    told = HEALTHY | {"scheduler": {"status": scheduler["status"], "latest_scheduler_heartbeat": beat}}
    with serve(lambda *_: json_answer(told)) as server:
        monkeypatch.setenv("AIRFLOW__API__BASE_URL", server.url)
        (found,) = reach.check_airflow(healthy)
    assert (found.level, found.seen) == (level, seen)
    (silent,) = reach.check_airflow(healthy)
    assert silent.level == "warning"
