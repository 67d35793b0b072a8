"""A lost warehouse comes back: whole, or as it was at a moment that somebody names."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from connectors.pull import pull
from tests.audit_candidate import Candidate
from tests.connectors.drops import configure, drop, select
from tests.warehouse.test_cli_sources import call
from warehouse.backup import BackupError, back_up, restore
from warehouse.backup.manifest import Manifest, find_backup
from warehouse.database import connect, open_warehouse, url
from warehouse.publish import publish
from warehouse.server import Server
from warehouse.settings import Settings

POSTINGS = "Bilag;Linje;Konto;PSP;D/K;Beløb;Dato;År\n1;1;40;XG-1;Debet;{amount};02-01-2025;2025\n"
COLUMNS = {
    "Bilag": "document_no", "Linje": "line_no", "Konto": "account", "PSP": "psp_element", "D/K": "debit_credit",
    "Beløb": "amount", "Dato": "posting_date", "År": "fiscal_year",
}  # fmt: skip
PASSPHRASE = "a passphrase for the test"
DELIVERIES = "select count(*) from ops.deliveries"


@dataclass
class Lost:
    """A warehouse of three deliveries: one before its backup, one before `moment`, one after it."""

    settings: Settings
    target: Path
    folder: Path
    manifest: Manifest
    moment: datetime


def deliver(settings: Settings, name: str, amount: str) -> None:
    drop(settings.home / "drop", f"posteringer_{name}.csv", POSTINGS.format(amount=amount))
    (result,) = (one for one in pull("ledger_opus", "0992", settings) if one.outcome != "unchanged")
    assert (result.outcome, result.reason) == ("landed", None)


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Lost:
    folder = tmp_path_factory.mktemp("backups")
    settings = Settings(
        home=folder / "home", config=folder / "config", wal_archive=folder / "wal",
        backup_passphrase=SecretStr(PASSPHRASE),
    )  # fmt: skip
    profile = {"files": "posteringer_*.csv", "columns": COLUMNS, "window": r"_(?P<year>\d{4})-(?P<month>\d\d)"}
    configure(settings.config, ledger_opus={"folder": str(settings.home / "drop"), "streams": {"postings": profile}})
    with open_warehouse(settings):
        deliver(settings, "2025-01", "100,00")
        written, manifest = back_up(settings, folder / "target")
        deliver(settings, "2025-02", "200,00")
        ((moment,),) = select(settings, "select clock_timestamp()")
        deliver(settings, "2025-03", "300,00")
    return Lost(settings, folder / "target", written, manifest, moment)


def test_a_backup_says_what_is_in_it_and_holds_no_secret_in_clear(lost: Lost) -> None:
    assert lost.manifest.form == "basebackup"
    assert lost.manifest.kept_files == 1
    assert lost.manifest.secrets == "encrypted"
    assert set(lost.manifest.files) == {
        "backup_manifest", "base.tar.gz", "config.tar.gz", "pg_wal.tar.gz", "secrets.json.encrypted",
    }  # fmt: skip
    secrets = [*json.loads(lost.settings.secrets_file.read_text()).values(), PASSPHRASE]
    assert len(secrets) >= 6
    for file in (path for path in lost.target.rglob("*") if path.is_file()):
        assert not [one for one in secrets if one.encode() in file.read_bytes()], file
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0 or file.is_relative_to(lost.target / "kept"), file
    assert stat.S_IMODE(lost.target.stat().st_mode) == 0o700


def test_with_nothing_but_backup_archive_and_passphrase_everything_is_there_again_elsewhere(
    lost: Lost, tmp_path: Path
) -> None:
    elsewhere = lost.settings.model_copy(update={"home": tmp_path / "home", "config": tmp_path / "config"})
    done = restore(elsewhere, lost.target)
    # The bytes of the second and third delivery were kept after the backup, in the home folder that is lost.
    assert (done.deliveries, done.kept_files, done.missing, done.replaced) == (3, 1, 2, None)
    assert elsewhere.secrets_file.read_text() == lost.settings.secrets_file.read_text()
    assert stat.S_IMODE(elsewhere.secrets_file.stat().st_mode) == 0o600
    assert (elsewhere.municipalities / "0992" / "sources.yml").exists()
    with open_warehouse(elsewhere):
        paths = [path for (path,) in select(elsewhere, "select stored_path from ops.deliveries order by delivery_id")]
        assert select(elsewhere, "select amount from raw_ledger_opus.postings order by 1") == [
            ("100,00",), ("200,00",), ("300,00",),
        ]  # fmt: skip
    assert [Path(path).is_relative_to(elsewhere.home) and Path(path).exists() for path in paths] == [True, False, False]


def test_a_warehouse_goes_back_to_a_moment_with_the_change_before_it_and_without_the_one_after(
    lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Secrets are lost for good too: they are made anew, and every role gets its new password.
    for name in ("home", "config", "wal_archive"):
        monkeypatch.setenv(f"EJENDOMSTAL_{name.upper()}", str(getattr(lost.settings, name)))
    lost.settings.secrets_file.unlink()
    printed = call("restore", str(lost.target), "--to", lost.moment.isoformat())
    assert "2 deliveries, newest edition none" in printed
    with open_warehouse(lost.settings):
        assert select(lost.settings, "select amount from raw_ledger_opus.postings order by 1") == [
            ("100,00",), ("200,00",),
        ]  # fmt: skip
        # Work goes on: the third file, still in its folder, lands again.
        assert [one.outcome for one in pull("ledger_opus", "0992", lost.settings)].count("landed") == 1
        assert select(lost.settings, DELIVERIES) == [(3,)]
    assert len(list(lost.settings.home.glob("pg.replaced-*"))) == 1


def test_a_moment_the_wal_does_not_reach_leaves_the_old_cluster_in_its_place(lost: Lost) -> None:
    control = (lost.settings.home / "pg" / "global" / "pg_control").read_bytes()
    with pytest.raises(BackupError, match="name an earlier time"):
        restore(lost.settings, lost.target, datetime.now(UTC) + timedelta(days=1))
    assert (lost.settings.home / "pg" / "global" / "pg_control").read_bytes() == control


def test_a_moment_before_every_backup_is_refused(lost: Lost) -> None:
    with pytest.raises(BackupError, match="there is no backup that was finished by 2020"):
        find_backup(lost.target, datetime(2020, 1, 1, tzinfo=UTC))


def test_a_damaged_backup_is_refused_before_anything_is_touched(lost: Lost, tmp_path: Path) -> None:
    copy = shutil.copytree(lost.folder, tmp_path / lost.folder.name)
    with (copy / "base.tar.gz").open("r+b") as file:
        file.seek(1000)
        file.write(b"\0\1\2\3")
    with pytest.raises(BackupError, match=r"base\.tar\.gz is missing or damaged"):
        restore(lost.settings, copy)


def test_a_wrong_passphrase_is_one_sentence(lost: Lost, tmp_path: Path) -> None:
    elsewhere = lost.settings.model_copy(update={"home": tmp_path / "home", "backup_passphrase": SecretStr("other")})
    with pytest.raises(BackupError, match="is not the one the secrets were encrypted with"):
        restore(elsewhere, lost.folder)


def test_a_running_server_is_not_replaced(warehouse: Settings, lost: Lost) -> None:
    running = lost.settings.model_copy(update={"home": warehouse.home})
    with pytest.raises(BackupError, match="the embedded server runs"):
        restore(running, lost.folder)
    assert Server(warehouse).is_running()


def test_a_folder_that_others_may_read_is_no_target(lost: Lost, tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    with pytest.raises(BackupError, match="others may read"):
        back_up(lost.settings, tmp_path / "open")


@pytest.fixture
def given(clean_warehouse: Settings) -> Iterator[Settings]:
    """A server of one's own, with a published edition and a role of a BI tool."""
    candidate = Candidate(clean_warehouse)
    candidate.finish()
    candidate.judge()
    assert publish(clean_warehouse).edition_id is not None
    address = url("owner", settings=clean_warehouse).set(drivername="postgresql")
    password = json.loads(clean_warehouse.secrets_file.read_text())
    home = clean_warehouse.home / "given"
    home.mkdir(exist_ok=True)
    (home / "secrets.json").write_text(json.dumps(password))
    (home / "secrets.json").chmod(0o600)
    with connect("owner", settings=clean_warehouse, autocommit=True) as connection:
        connection.execute("create role bi_tool login connection limit 3")
        connection.execute("alter role bi_tool set statement_timeout to '30s'")
        connection.execute("grant ejd_analyst to bi_tool")
        yield clean_warehouse.model_copy(
            update={"home": home, "database_url": SecretStr(address.render_as_string(hide_password=False))}
        )
        connection.execute("drop database if exists restored with (force)")
        connection.execute("drop role if exists bi_tool")


def test_a_server_of_ones_own_is_dumped_and_restored_into_an_empty_database(given: Settings, tmp_path: Path) -> None:
    figures = (
        "select key_figure_code, municipality_code, year, value, status_code from marts.key_figures order by 1, 2, 3"
    )
    before = select(given, figures)
    assert len(before) == 28
    folder, manifest = back_up(given, tmp_path / "target")
    assert set(manifest.files) == {"config.tar.gz", "roles.json", "warehouse.dump"}
    with pytest.raises(BackupError, match="holds a warehouse"):
        restore(given, folder)
    with pytest.raises(BackupError, match="a dump knows one moment only"):
        restore(given, folder, datetime.now(UTC))
    with connect("owner", settings=given, autocommit=True) as connection:
        connection.execute("drop role bi_tool")
    address = url("owner", settings=given).set(drivername="postgresql", database="restored")
    empty = given.model_copy(update={"database_url": SecretStr(address.render_as_string(hide_password=False))})
    assert restore(empty, folder).newest_edition == 1
    with connect("ejd_analyst", settings=empty) as connection:
        assert connection.execute(figures.encode()).fetchall() == before
    with connect("ejd_transformer", settings=empty) as connection:
        connection.execute("drop table audit.fct_key_figures")  # it owns what it owned
    with connect("owner", settings=empty) as connection:
        role = connection.execute("select rolconnlimit, rolconfig from pg_roles where rolname = 'bi_tool'").fetchone()
        assert role == (3, ["statement_timeout=30s"])
        member = connection.execute("select pg_has_role('bi_tool', 'ejd_analyst', 'member')").fetchone()
        assert member == (True,)


def test_a_client_that_fails_says_so_in_one_sentence(given: Settings, tmp_path: Path) -> None:
    nowhere = given.model_copy(update={"database_url": SecretStr("postgresql://ejd_owner:secret@127.0.0.1:1/nowhere")})
    with pytest.raises((BackupError, psycopg.OperationalError)):
        back_up(nowhere, tmp_path / "target")
    assert list((tmp_path / "target").glob("*")) == []
