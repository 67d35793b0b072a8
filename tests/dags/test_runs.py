"""DAGs run through Airflow itself, on a small generated world and a real warehouse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from demo.generate import generate
from tests.canaries import files_with, tables_with
from tests.dags.conftest import Facts
from warehouse.database import connect
from warehouse.settings import Settings

CANARY = "canary-of-a-connection-4711"


def test_one_municipality_that_cannot_be_pulled_holds_back_neither_the_others_nor_the_asset(
    run_dag: Callable[[str, Path], Facts], clean_warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_BBR", json.dumps({"conn_type": "http", "password": CANARY}))
    generate(tmp_path, scale=0.05)
    break_energy_of(tmp_path / "config" / "municipalities" / "0992" / "sources.yml")

    run = run_dag("ingest_energy", tmp_path / "config")

    states = {name: state for name, (state, _) in run["tasks"].items()}
    assert sorted(state for name, state in states.items() if name.startswith("pull_energy[")) == [
        "failed",
        "success",
        "success",
    ]
    assert states["landed[-1]"] == "success"
    assert states["every_pull_succeeded[-1]"] == run["state"] == "failed"
    # A wrong configuration stays wrong: it is not tried again, although every pull may be tried four times.
    assert {tries for _, tries in run["tasks"].values()} <= {0, 1}
    assert run["events"] == ["x-ejendomstal://raw/energy"]
    with connect("ejd_loader") as connection:
        landed = connection.execute(
            "select municipality_code, count(distinct stream) from ops.current_deliveries where source = 'energy' "
            "group by 1 order by 1"
        ).fetchall()
    # 0992: the readings, whose mapping is right
    assert landed == [("0991", 2), ("0992", 1), ("0993", 2)]
    assert_no_secret_is_left(clean_warehouse)


def assert_no_secret_is_left(settings: Settings) -> None:
    """In Airflow's database (rendered templates, XComs, serialised DAGs), in its logs or in any other file."""
    secrets = [CANARY, *json.loads(settings.secrets_file.read_text()).values()]
    assert len(secrets) >= 7  # roles, Airflow's own
    assert "public.task_instance" in list(tables_with(["pull_energy"], settings, "airflow"))
    assert list(tables_with(secrets, settings, "airflow")) == []
    kept = [settings.secrets_file, settings.home / "pg"]
    assert list(files_with(secrets, settings.home, kept)) == []


def break_energy_of(sources: Path) -> None:
    """Lead a heading to a column that the raw table does not have."""
    content = yaml.safe_load(sources.read_text())
    columns = content["energy"]["streams"]["meters"]["columns"]
    columns[next(iter(columns))] = "no_such_column"
    sources.write_text(yaml.safe_dump(content, allow_unicode=True))
