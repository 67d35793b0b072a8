"""A small client of Airflow's REST API v2: what starting and following a run needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import requests

TIMEOUT_SECONDS = 30
# The components that must report a heartbeat before a run can go through.
NEEDED = ("metadatabase", "scheduler", "dag_processor")
PAGE = 100


@dataclass(frozen=True)
class DagRun:
    """One run of one DAG. `kind` is manual, scheduled or asset_triggered."""

    dag_id: str
    run_id: str
    state: str
    kind: str

    @property
    def is_done(self) -> bool:
        """Whether it has ended, well or not."""
        return self.state in ("success", "failed")


@dataclass(frozen=True)
class TaskRun:
    """One task instance; `label` is its rendered map index, e.g. a municipality."""

    dag_id: str
    run_id: str
    task_id: str
    state: str | None
    label: str | None
    seconds: float | None


class AirflowApi:
    """Calls as one user. Raises `requests.HTTPError` when Airflow refuses."""

    def __init__(self, address: str, user: str, password: str) -> None:
        """Nothing is asked before the first call. `address` has no trailing slash."""
        self._address = address
        self._login = {"username": user, "password": password}
        self._session = requests.Session()
        # Loopback only: no proxy of the machine may see the token.
        self._session.trust_env = False

    def is_healthy(self) -> bool:
        """Whether database, scheduler and DAG processor are all healthy; False while the server starts."""
        try:
            answer = self._session.get(f"{self._address}/api/v2/monitor/health", timeout=TIMEOUT_SECONDS)
        except requests.ConnectionError:
            return False
        health = answer.json() if answer.ok else {}
        return all((health.get(name) or {}).get("status") == "healthy" for name in NEEDED)

    def dag_ids(self) -> set[str]:
        """Ids of all DAGs that are parsed and switched on."""
        return {dag["dag_id"] for dag in self._get("dags", paused="false")["dags"]}

    def import_errors(self) -> list[str]:
        """One line per DAG file that could not be imported."""
        errors = self._get("importErrors")["import_errors"]
        return [f"{error['filename']}: {error['stack_trace'].strip().splitlines()[-1]}" for error in errors]

    def trigger(self, dag_id: str) -> DagRun:
        """Start a run now."""
        return _dag_run(self._call("post", f"dags/{dag_id}/dagRuns", json={"logical_date": None}))

    def dag_runs(self) -> list[DagRun]:
        """The newest runs of all DAGs, newest first."""
        return [_dag_run(item) for item in self._get("dags/~/dagRuns", order_by="-run_after")["dag_runs"]]

    def task_runs(self, dag_runs: Iterable[DagRun]) -> list[TaskRun]:
        """All task instances of some runs."""
        asked = {"dag_run_ids": [run.run_id for run in dag_runs], "page_limit": PAGE}
        found = self._call("post", "dags/~/dagRuns/~/taskInstances/list", json=asked)["task_instances"]
        return [
            TaskRun(
                item["dag_id"],
                item["dag_run_id"],
                item["task_id"],
                item["state"],
                item["rendered_map_index"],
                item["duration"],
            )
            for item in found
        ]

    def _get(self, path: str, **parameters: str) -> dict[str, Any]:
        return self._call("get", path, params={"limit": PAGE, **parameters})

    def _call(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        if "Authorization" not in self._session.headers:
            answer = self._session.post(f"{self._address}/auth/token", json=self._login, timeout=TIMEOUT_SECONDS)
            answer.raise_for_status()
            self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        address = f"{self._address}/api/v2/{path}"
        answer = self._session.request(method, address, timeout=TIMEOUT_SECONDS, **arguments)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result


def _dag_run(item: dict[str, Any]) -> DagRun:
    return DagRun(item["dag_id"], item["dag_run_id"], item["state"], item["run_type"])
