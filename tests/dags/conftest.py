from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from warehouse.airflow import Airflow
from warehouse.settings import PROJECT, Settings

Facts = dict[str, Any]


def ask(airflow: Airflow, script: str, *arguments: str) -> Facts:
    """Run one of this folder's scripts as an Airflow process; its last line in JSON is the answer."""
    path = Path(__file__).with_name(script)
    answer = subprocess.run(
        [sys.executable, str(path), *arguments], env=airflow.environment(), cwd=PROJECT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr[-3000:]
    # A process that reports on a run may print after it, also on the same line.
    line = next(line for line in reversed(answer.stdout.splitlines()) if line.startswith("{"))
    facts: Facts
    facts, _ = json.JSONDecoder().raw_decode(line)
    return facts


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """What Airflow reads in the DAG folder; no database is needed for that."""
    home = tmp_path_factory.mktemp("airflow")
    return ask(
        Airflow(Settings(home=home, database_url="postgresql://owner:none@127.0.0.1:1/none")), "describe_dags.py"
    )


@pytest.fixture(scope="session")
def dags(facts: Facts) -> dict[str, Facts]:
    return facts["dags"]


@pytest.fixture
def run_dag(clean_warehouse: Settings) -> Callable[[str, Path], Facts]:
    """Run a DAG through Airflow, with its database beside the warehouse; arguments: DAG id, configuration folder."""

    def run(dag_id: str, config: Path) -> Facts:
        airflow = Airflow(clean_warehouse.model_copy(update={"config": config}))
        assert airflow.initialise().wait() == 0
        facts: Facts = ask(airflow, "run_dag.py", dag_id)[dag_id]
        return facts

    return run
