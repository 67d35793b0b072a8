"""DAGs run through Airflow itself, on a small generated world and a real warehouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import yaml

from demo.generate import generate
from tests.dags.conftest import Facts
from warehouse.database import connect


def test_one_municipality_that_cannot_be_pulled_holds_back_neither_the_others_nor_the_asset(
    run_dag: Callable[[str, Path], Facts], tmp_path: Path
) -> None:
    generate(tmp_path, scale=0.05)
    break_energy_of(tmp_path / "config" / "municipalities" / "0992" / "sources.yml")

    run = run_dag("ingest_energy", tmp_path / "config")

    states = {name: state for name, (state, _) in run["tasks"].items()}
    assert sorted(state for name, state in states.items() if name.startswith("pull")) == [
        "failed",
        "success",
        "success",
    ]
    assert states["landed[-1]"] == "success"
    assert states["every_pull_succeeded[-1]"] == run["state"] == "failed"
    assert run["events"] == ["x-ejendomstal://raw/energy"]
    with connect("ejd_loader") as connection:
        landed = connection.execute(
            "select municipality_code, count(distinct stream) from ops.current_deliveries group by 1 order by 1"
        ).fetchall()
    assert landed == [("0991", 2), ("0993", 2)]


def test_a_wrong_configuration_is_not_tried_again(run_dag: Callable[[str, Path], Facts], tmp_path: Path) -> None:
    folder = tmp_path / "municipalities" / "0991"
    folder.mkdir(parents=True)
    (folder / "sources.yml").write_text(
        'municipality_code: "0991"\nname: Eksempelby (fiktiv)\nenergy: {folder: drop, streams: {}, conection: x}\n'
    )

    run = run_dag("ingest_energy", tmp_path)

    assert run["state"] == "failed"
    assert all(tries <= 1 for _, tries in run["tasks"].values())


def break_energy_of(sources: Path) -> None:
    """Lead a heading to a column that the raw table does not have."""
    content = yaml.safe_load(sources.read_text())
    columns = content["energy"]["streams"]["meters"]["columns"]
    columns[next(iter(columns))] = "no_such_column"
    sources.write_text(yaml.safe_dump(content, allow_unicode=True))
