"""What Airflow reads in the DAG folder."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from connectors.base import Family, registered
from tests.dags.conftest import Facts
from warehouse.settings import PROJECT

INGEST = ["ingest_bbr", "ingest_energy", "ingest_fm", "ingest_ledger", "ingest_statistics"]
PUBLISH = ["final_edition", "publish_key_figures"]
ALL = sorted([*INGEST, *PUBLISH])
# CPU time of one file beyond what Airflow itself imports; the dag-processor reads each file every 30 seconds.
LIMIT_SECONDS = 1.0


def pulls(tasks: Facts) -> list[str]:
    return sorted(name for name in tasks if name.startswith("pull_"))


each_dag = pytest.mark.parametrize("dag_id", ALL)
each_ingest_dag = pytest.mark.parametrize("dag_id", INGEST)


def test_every_file_imports(facts: Facts) -> None:
    assert facts["import_errors"] == {}


def test_there_is_one_dag_per_file_and_it_has_the_name_of_the_file(dags: dict[str, Facts]) -> None:
    assert sorted(dags) == ALL
    assert all(dag["file"] == f"{dag_id}.py" for dag_id, dag in dags.items())


def test_every_file_is_read_fast(facts: Facts) -> None:
    assert {file: seconds for file, seconds in facts["seconds"].items() if seconds > LIMIT_SECONDS} == {}


@each_dag
def test_a_dag_says_what_it_does_when_and_what_to_do_when_it_fails(dags: dict[str, Facts], dag_id: str) -> None:
    assert {"- When:", "- Owner:", "- When it fails:"} <= {
        line.split(": ")[0] + ":" for line in dags[dag_id]["doc"].splitlines() if line.startswith("- ")
    }
    assert dags[dag_id]["tags"]


@each_dag
def test_a_dag_never_makes_up_for_the_past_and_never_runs_beside_itself(dags: dict[str, Facts], dag_id: str) -> None:
    assert dags[dag_id]["catchup"] is False
    assert dags[dag_id]["max_active_runs"] == 1


@each_dag
def test_every_task_has_an_owner_retries_and_a_sentence(dags: dict[str, Facts], dag_id: str) -> None:
    retries = 1 if dag_id in PUBLISH else 3
    for name, task in dags[dag_id]["tasks"].items():
        assert task["owner"] == "data-engineering"
        assert task["has_doc"]
        # A build may be going on when a municipality answers.
        assert task["retries"] == {"every_pull_succeeded": 0, "municipality.publish_final": 3}.get(name, retries)


@each_ingest_dag
def test_a_source_is_pulled_once_per_municipality_in_a_pool_that_exists(dags: dict[str, Facts], dag_id: str) -> None:
    pools = json.loads((PROJECT / "dags" / "pools.json").read_text())
    tasks = dags[dag_id]["tasks"]
    for name in pulls(tasks):
        assert tasks[name]["is_mapped"]
        assert tasks[name]["upstream"] == [f"configured_{tasks[name]['pool']}"]
        assert pools[tasks[name]["pool"]]["slots"] >= 1


@each_ingest_dag
def test_the_sources_of_a_family_are_pulled_by_its_dag_each_in_the_pool_it_asks_for(
    dags: dict[str, Facts], dag_id: str
) -> None:
    family = dag_id.removeprefix("ingest_")
    asked = {source.pool for source in registered().values() if source.family == family}
    assert {dags[dag_id]["tasks"][name]["pool"] for name in pulls(dags[dag_id]["tasks"])} == asked != set()


def test_a_source_whose_api_is_limited_has_a_pool_of_its_own() -> None:
    pools = json.loads((PROJECT / "dags" / "pools.json").read_text())
    limited = {name for name, source in registered().items() if any(way.limits for way in source.ways)}
    assert limited <= pools.keys()
    assert pools.keys() == set(get_args(Family)) | limited


@each_ingest_dag
def test_a_failed_pull_holds_back_nobody_and_makes_the_run_red(dags: dict[str, Facts], dag_id: str) -> None:
    tasks = dags[dag_id]["tasks"]
    assert (tasks["landed"]["trigger_rule"], tasks["landed"]["upstream"]) == ("all_done", pulls(tasks))
    watcher = tasks["every_pull_succeeded"]
    assert (watcher["trigger_rule"], watcher["upstream"]) == ("one_failed", pulls(tasks))


def test_publication_waits_for_what_every_ingest_dag_gives(dags: dict[str, Facts]) -> None:
    given = [uri for dag_id in INGEST for uri in dags[dag_id]["tasks"]["landed"]["outlets"]]
    assert len(given) == len(INGEST)
    assert dags["publish_key_figures"]["assets"] == sorted(given)
    assert dags["publish_key_figures"]["needs_all_assets"]


def test_publication_goes_step_by_step(dags: dict[str, Facts]) -> None:
    steps = ["register", "due", "dbt_staging", "dbt_intermediate", "dbt_marts", "gate", "publish"]
    tasks = dags["publish_key_figures"]["tasks"]
    assert list(tasks) == steps
    assert [tasks[step]["upstream"] for step in steps] == [[], *([step] for step in steps[:-1])]


def test_each_municipality_is_asked_signs_and_is_published_without_waiting_for_another(dags: dict[str, Facts]) -> None:
    tasks = dags["final_edition"]["tasks"]
    steps = ["propose", "municipality.ask", "municipality.sign", "municipality.publish_final"]
    assert list(tasks) == steps
    assert [tasks[step]["upstream"] for step in steps] == [[], ["propose"], ["municipality.ask", "propose"],
                                                          ["municipality.sign", "propose"]]  # fmt: skip
    assert tasks[steps[-1]]["outlets"] == ["x-ejendomstal://marts/key_figures"]


def test_every_family_of_sources_has_its_dag_and_its_asset(dags: dict[str, Facts]) -> None:
    assert sorted(f"ingest_{family}" for family in get_args(Family)) == INGEST
    for family in get_args(Family):
        assert dags[f"ingest_{family}"]["tasks"]["landed"]["outlets"] == [f"x-ejendomstal://raw/{family}"]
