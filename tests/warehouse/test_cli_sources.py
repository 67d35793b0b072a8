"""Commands about sources, pulls and deliveries, as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.base import registered
from tests.connectors.drops import configure, drop, select
from tests.connectors.scripted import json_answer, serve
from warehouse.cli import app
from warehouse.cli.terminal import console
from warehouse.settings import Settings

POSTINGS = (
    "Bilag;Linje;Konto;PSP;D/K;Beløb;Dato;År;Tekst\n"
    "1;1;40;XG-1;Debet;100,50;02-01-2025;2025;Løn til Hans\n"
    "2;1;40;XG-1;Debet;mange;03-01-2025;2025;Løn til Grete\n"
)
COLUMNS = {
    "Bilag": "document_no", "Linje": "line_no", "Konto": "account", "PSP": "psp_element", "D/K": "debit_credit",
    "Beløb": "amount", "Dato": "posting_date", "År": "fiscal_year",
}  # fmt: skip
ENERGY = {"Måler": "meter_no", "Art": "carrier", "Enhed": "unit"}
OURS = "select schemaname, relname, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_user_tables order by 1, 2"


def call(*arguments: str, status: int = 0) -> str:
    """What a command prints, lines joined."""
    console.width = 300  # a test has no terminal; COLUMNS counts only until the console is made
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == status, done.output
    return " ".join(done.output.split())


def newest(settings: Settings) -> str:
    return str(select(settings, "select max(delivery_id) from ops.deliveries")[0][0])


def configure_ledger(config: Path, folder: Path, *, columns: dict[str, str], drops: list[str]) -> None:
    profile = {"files": "posteringer_*.csv", "columns": columns, "drop": drops, "max_rejected_share": 1}
    configure(config, ledger_opus={"folder": str(folder), "streams": {"postings": profile}})


@pytest.fixture
def ledger(clean_warehouse: Settings, config_folder: Path, tmp_path: Path) -> Settings:
    """A ledger file with a name in it and an amount that is no number."""
    drop(tmp_path / "drop", "posteringer_2025-01.csv", POSTINGS)
    configure_ledger(config_folder, tmp_path / "drop", columns=COLUMNS, drops=["Tekst"])
    return clean_warehouse


def test_every_source_stream_and_way_is_listed() -> None:
    printed = call("sources")
    for source in registered().values():
        assert source.name in printed
        assert all(way.name in printed for way in source.ways)
        assert all(stream.name in printed for stream in source.streams)
    assert "its period (window); personal data stay out" in printed


def test_one_source_is_listed_alone_and_an_unknown_one_is_said() -> None:
    assert "ledger_opus" not in call("sources", "bbr")
    assert "there is no source bbbr" in call("sources", "bbbr", status=1)


def test_a_dry_run_tells_what_would_land_and_why_rows_would_not(ledger: Settings) -> None:
    before = select(ledger, "select count(*) from ops.deliveries")
    printed = call("pull", "ledger_opus", "--municipality", "0992", "--dry-run")
    assert "would land" in printed
    assert "rejected rows: ledger_opus.postings, municipality 0992: 1 of field amount" in printed
    assert "nothing has landed" in printed
    assert "Hans" not in printed
    assert "mange" not in printed
    assert select(ledger, "select count(*) from ops.deliveries") == before == [(0,)]
    assert select(ledger, "select count(*) from raw_ledger_opus.postings") == [(0,)]
    assert select(ledger, "select count(*) from ops.runs") == [(0,)]
    assert not list((ledger.home / "deliveries").rglob("*posteringer_2025-01.csv"))
    # and afterwards it lands, as if there had been no rehearsal
    assert "Deliveries: 1 landed; 1 rows in" in call("pull", "ledger_opus", "--municipality", "0992")


def test_a_dry_run_of_an_api_leaves_nothing_of_the_pull_behind(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = {"items": [{"data": {"estateId": "7", "name": "Skole"}}], "metadata": {"totalItems": 1}}
    with serve(lambda *_: json_answer(page)) as server:
        monkeypatch.setenv("AIRFLOW_CONN_DALUX", json.dumps({"host": server.url, "password": "geheim-key"}))
        configure(config_folder, fm_dalux={"connection": "dalux"})
        printed = call("pull", "fm_dalux", "--municipality", "0992", "--stream", "estates", "--dry-run")
    assert "would land" in printed
    assert "geheim-key" not in printed
    assert {asked.path for asked in server.asked} == {"/2.0/estates"}
    assert select(clean_warehouse, "select count(*) from ops.deliveries") == [(0,)]
    assert not (clean_warehouse.home / "pulls" / "fm_dalux" / "estates" / "0992").exists()


def test_a_stream_that_does_not_exist_is_said_with_those_that_do(ledger: Settings) -> None:
    printed = call("pull", "ledger_opus", "--municipality", "0992", "--stream", "posting", status=1)
    assert "has no stream posting; it has postings, psp_elements" in printed


def test_a_source_that_the_municipality_does_not_have_is_said(ledger: Settings) -> None:
    assert "does not deliver this source" in call("pull", "bbr", "--municipality", "0992", status=1)


def test_deliveries_are_listed_and_one_is_told_in_full(ledger: Settings) -> None:
    call("pull", "ledger_opus")
    listed = call("deliveries", "--source", "ledger_opus", "--state", "landed")
    assert "posteringer_2025-01.csv" in listed
    assert "2025-01-01 to 2025-02-01" in listed
    assert "posteringer" not in call("deliveries", "--municipality", "0991")
    shown = call("deliveries", "show", "1")
    assert "1 landed, 1 rejected" in shown
    assert "rejected rows: 1 of field amount" in shown
    assert "Grete" not in shown
    assert "there is no delivery 99" in call("deliveries", "show", "99", status=1)


def test_a_rejected_delivery_says_why(clean_warehouse: Settings, config_folder: Path, tmp_path: Path) -> None:
    drop(tmp_path / "energy", "maalere.csv", "Målernr.;Art;Enhed\nm1;el;kWh\n")
    streams = {"meters": {"files": "maalere.csv", "columns": ENERGY}}
    configure(config_folder, energy={"folder": str(tmp_path / "energy"), "streams": streams})
    call("pull", "energy")
    shown = call("deliveries", "show", newest(clean_warehouse))
    assert "why: " in shown
    assert "Målernr." in shown


def test_reloading_by_the_same_mapping_changes_nothing(ledger: Settings) -> None:
    call("pull", "ledger_opus")
    assert "1 unchanged" in call("deliveries", "reload", "1")
    assert select(ledger, "select count(*) from ops.deliveries") == [(1,)]


def test_reloading_by_a_corrected_mapping_takes_the_place_of_the_old_delivery(
    ledger: Settings, config_folder: Path, tmp_path: Path
) -> None:
    call("pull", "ledger_opus")
    # Of a stream with personal data the allow-listed columns are kept: "Konto" was mistaken for the cost centre's.
    corrected = {**COLUMNS, "Konto": "cost_centre", "PSP": "account"}
    configure_ledger(config_folder, tmp_path / "drop", columns={**corrected, "Ordre": "psp_element"}, drops=["Tekst"])
    printed = call("deliveries", "reload", "1", status=1)
    assert "the heading lacks 'Ordre'" in printed  # which was not kept
    corrected = {**COLUMNS, "Konto": "psp_element", "PSP": "account"}
    configure_ledger(config_folder, tmp_path / "drop", columns=corrected, drops=["Tekst"])
    assert "1 landed" in call("deliveries", "reload", "1")
    current = "raw_ledger_opus.postings join ops.current_deliveries using (delivery_id)"
    rows = select(ledger, f"select account, psp_element from {current}")
    assert rows == [("XG-1", "40")]
    assert select(ledger, "select state, superseded_by is not null from ops.deliveries where delivery_id = 1") == [
        ("superseded", True)
    ]
    # The file in the folder is the one that has just been read again: it does not land a second time.
    assert "1 unchanged" in call("pull", "ledger_opus")
    assert "has taken its place; reload that one" in call("deliveries", "reload", "1", status=1)


def test_reloading_a_rejected_delivery_lands_it_once_its_mapping_is_right(
    clean_warehouse: Settings, config_folder: Path, tmp_path: Path
) -> None:
    file = drop(tmp_path / "energy", "maalere.csv", "Målernr.;Art;Enhed\nm1;el;kWh\n")
    folder = str(tmp_path / "energy")
    configure(
        config_folder, energy={"folder": folder, "streams": {"meters": {"files": "maalere.csv", "columns": ENERGY}}}
    )
    call("pull", "energy")
    file.unlink()  # only the kept bytes are left
    right = {"Målernr.": "meter_no", "Art": "carrier", "Enhed": "unit"}
    configure(
        config_folder, energy={"folder": folder, "streams": {"meters": {"files": "maalere.csv", "columns": right}}}
    )
    assert "1 landed" in call("deliveries", "reload", newest(clean_warehouse))
    assert select(clean_warehouse, "select meter_no, carrier from raw_energy.meters") == [("m1", "el")]
