"""A trial under Airflow: a task's process or the scheduler is killed while publish_key_figures runs."""

from __future__ import annotations

import json
import random
import time

import psutil
import requests

from demo.progress import PUBLISH, wait_for_dags
from tests.torture.commands import is_dbt
from tests.torture.trial import Trial
from warehouse.airflow import Airflow
from warehouse.airflow_api import AirflowApi, DagRun

# The moment is drawn over these, about as long as each takes; a task once begun is killed within so many seconds.
TASKS = {
    "dbt_staging": 3, "dbt_intermediate": 3, "dbt_marts": 3, "gate": 2, "publish": 2, "register": 1,
}  # fmt: skip
SECONDS_INTO_A_TASK = 2.0
RUN_SECONDS = 600.0
# Airflow notices by itself that a process is gone, in minutes by default; trials do not wait that long.
NOTICE_SOON = {
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "15",
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "2",
}


class AirflowTrial(Trial):
    """Begins where everything is pulled and Airflow has its database; the DAG does the rest."""

    def _disturb(self) -> tuple[float | None, float]:
        chance = random.Random(self.plan.seed + 1)
        api = self._start()
        began = time.monotonic()
        run = api.trigger(PUBLISH)
        (task,) = random.Random(self.plan.seed + 2).choices(list(TASKS), list(TASKS.values()))
        is_met = self._wait_for(api, run, task)
        time.sleep(chance.random() * SECONDS_INTO_A_TASK)
        killed_after = time.monotonic() - began if is_met and self._kill() else None
        if self.plan.victim == "scheduler":
            self._start()
        return killed_after, time.monotonic() - began

    def _recover(self) -> None:
        """Airflow goes on by itself; a run that failed is started once more."""
        api = self._airflow.api()
        try:
            state = self._wait_for_end(api)
            if state == "failed":
                api.trigger(PUBLISH)
                state = self._wait_for_end(api)
            if state != "success":
                self.faults.append(f"the run ended with {state}: {json.dumps(self._tasks(api))}")
        finally:
            self._airflow.stop()

    @property
    def _airflow(self) -> Airflow:
        return Airflow(self.settings)

    def _start(self) -> AirflowApi:
        self._airflow.start({**self.environment, **NOTICE_SOON})
        api = self._airflow.wait_until_ready()
        wait_for_dags(api)
        return api

    def _kill(self) -> bool:
        scheduler = self._airflow._background("scheduler").process()
        if scheduler is None:
            return False
        if self.plan.victim == "scheduler":
            scheduler.kill()
            scheduler.wait(10)
            return True
        # Executor, supervisor and task are forked one from another: the newest is the task.
        family = [process for process in scheduler.children(recursive=True) if not is_dbt(process)]
        if not family:
            return False
        max(family, key=psutil.Process.create_time).kill()
        return True

    def _wait_for(self, api: AirflowApi, run: DagRun, task_id: str) -> bool:
        """Wait until a task runs; False when it has ended before anyone saw it."""
        deadline = time.monotonic() + RUN_SECONDS
        while time.monotonic() < deadline:
            state = next((task.state for task in api.task_runs([run]) if task.task_id == task_id), None)
            if state not in (None, "queued", "scheduled"):
                return state == "running"
            time.sleep(0.2)
        return False

    def _wait_for_end(self, api: AirflowApi) -> str:
        deadline = time.monotonic() + RUN_SECONDS
        while time.monotonic() < deadline:
            try:
                newest = next(run for run in api.dag_runs() if run.dag_id == PUBLISH)
            except requests.RequestException:
                time.sleep(1)
                continue
            if newest.is_done:
                return newest.state
            time.sleep(0.5)
        return "no end in time"

    def _tasks(self, api: AirflowApi) -> dict[str, str | None]:
        return {task.task_id: task.state for task in api.task_runs(api.dag_runs()[:1])}
