"""The dbt process that a build talks to: what changed streams reach, and what it says when it fails or is killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from warehouse.build import DBT_PROJECT, YEARS, dbt_environment
from warehouse.dbt_process import _walk
from warehouse.dbt_session import DbtEndedError, DbtSession
from warehouse.settings import Settings

POSTINGS = ["raw_ledger_opus.postings"]


@pytest.fixture(scope="module")
def session(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DbtSession]:
    folder = tmp_path_factory.mktemp("dbt")
    opened = DbtSession(DBT_PROJECT, dbt_environment(warehouse, folder), folder)
    yield opened
    opened.close()


def test_a_walk_passes_the_end_only_where_there_is_another_way() -> None:
    edges = {"source": ["years", "sums"], "years": ["areas", "shares"], "sums": ["shares"], "areas": ["both"]}
    assert _walk(edges, ["source"], {"years"}) == {"source", "years", "sums", "shares"}
    assert _walk(edges, ["source"], set()) == {"source", "years", "sums", "shares", "areas", "both"}


def test_postings_reach_areas_through_the_observed_years_only(session: DbtSession) -> None:
    everything = session.reached(POSTINGS)
    around = session.reached(POSTINGS, around=YEARS)
    assert everything["stg_ledger_opus__postings"] == "staging"
    assert everything["int_areas__measured"] == "intermediate"
    assert everything["fct_area_reconciliation"] == "marts"
    assert {"int_costs__allocated", "fct_key_figures", YEARS} <= around.keys() < everything.keys()
    assert not {"int_areas__measured", "fct_area_reconciliation"} & around.keys()
    assert session.reached(POSTINGS, toward=[YEARS]).keys() == {
        "stg_ledger_opus__postings", "int_postings__unioned", "int_postings__summed", "int_posting_deliveries__summed",
        "int_posting_deliveries__counted", YEARS,
    }  # fmt: skip


def test_a_stream_without_models_reaches_none(session: DbtSession) -> None:
    assert session.reached(["raw_things.rows"]) == {}


def test_a_command_that_fails_says_why_and_the_next_one_runs(session: DbtSession) -> None:
    is_good, printed = session.run(["run-operation", "no_such_macro"])
    assert not is_good
    assert "no_such_macro" in printed
    assert session.run(["ls", "--select", YEARS])[0]


def test_a_process_that_is_killed_is_told(warehouse: Settings, tmp_path: Path) -> None:
    session = DbtSession(DBT_PROJECT, dbt_environment(warehouse, tmp_path), tmp_path)
    (child,) = [child for child in psutil.Process().children() if child.cwd() == str(tmp_path)]
    os.kill(child.pid, signal.SIGKILL)
    with pytest.raises(DbtEndedError) as told:
        session.run(["ls"])
    session.close()
    assert told.value.status == -signal.SIGKILL
