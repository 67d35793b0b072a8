"""Every source from its simulator or file to staging, by the command line and by its DAG in Airflow."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.base import Source, registered
from connectors.pull import configured_sources
from tests.dags.conftest import Facts
from tests.every_source.conftest import Landed, World
from tests.staging.staged import Rows
from warehouse.settings import PROJECT

EACH_SOURCE = pytest.mark.parametrize("source", registered().values(), ids=registered().keys())
FAMILIES = sorted({source.family for source in registered().values()})
STAGING = PROJECT / "dbt_project" / "models" / "staging"


def models(source: Source) -> set[str]:
    return {path.stem for path in Path(STAGING / source.name).glob("*.sql")}


def test_every_source_is_in_this_world_and_its_configuration_has_no_fault(world: World) -> None:
    assert {source for source, _ in configured_sources(world.settings)} == set(registered())
    assert world.command("config", "check").split() == ["No", "fault."]


def test_the_list_of_sources_has_every_source_with_its_family_ways_and_streams(world: World) -> None:
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in world.command("sources").splitlines()]
    listed: dict[str, set[str]] = {}
    name = ""
    for cells in filter(None, lines):
        name = cells[0] or name
        listed.setdefault(name, set()).update(cells[1:3])
    for source in registered().values():
        expected = {source.family, *(way.name for way in source.ways), *(stream.name for stream in source.streams)}
        assert expected <= listed[source.name]


@EACH_SOURCE
def test_the_command_line_lands_rows_of_every_stream(landed: Landed, source: Source) -> None:
    assert [stream.name for stream in source.streams if not landed.rows[source.name, stream.name]] == []


def test_the_command_line_rejects_nothing_of_it(landed: Landed) -> None:
    assert {state for _, _, state in landed.deliveries} <= {"landed", "superseded"}
    assert "rejected:" not in landed.printed
    assert "failed" not in landed.printed


@EACH_SOURCE
def test_every_model_of_staging_has_rows(staged: dict[str, Rows], source: Source) -> None:
    assert len(models(source)) >= len(source.streams)
    assert [model for model in sorted(models(source)) if not staged[model]] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_the_dag_of_a_family_pulls_each_of_its_sources_and_updates_its_asset(
    world: World, dag_runs: dict[str, Facts], family: str
) -> None:
    run = dag_runs[f"ingest_{family}"]
    pulled = {run["names"][task]: state for task, (state, _) in run["tasks"].items() if task.startswith("pull_")}
    expected = [
        f"{source} {code}"
        for source, code in configured_sources(world.settings)
        if registered()[source].family == family
    ]
    assert pulled == dict.fromkeys(expected, "success")
    assert run["state"] == "success"
    assert run["events"] == [f"x-ejendomstal://raw/{family}"]


def test_what_airflow_pulls_again_is_asked_for_and_unchanged(
    world: World, landed: Landed, dag_runs: dict[str, Facts]
) -> None:
    assert all(simulator.calls > landed.calls[name] for name, simulator in world.simulators.items())
    assert world.deliveries() == landed.deliveries
    assert world.rows() == landed.rows
    logged = [line for run in dag_runs.values() for line in run["logged"]]
    assert [line for line in logged if " unchanged, " not in line] == []
    assert len(logged) >= len(landed.rows)
