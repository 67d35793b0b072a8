"""Follows Airflow's runs on the terminal until the publication that the assets trigger is done."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.table import Table

from demo.stack import DemoError
from warehouse.airflow_api import AirflowApi, DagRun, TaskRun

INGEST = ("ingest_bbr", "ingest_energy", "ingest_fm", "ingest_ledger", "ingest_statistics")
PUBLISH = "publish_key_figures"
POLL_SECONDS = 2.0  # each look costs the busy machine some CPU
LIMIT_SECONDS = 1800.0
COLOURS = {"success": "green", "failed": "red", "running": "yellow"}
# A skipped watcher or a short-circuited step is an end too.
ENDED = ("success", "failed", "skipped", "upstream_failed", "removed")


@dataclass
class Progress:
    """What the terminal knows of the runs that were started here."""

    began: float = field(default_factory=time.monotonic)
    runs: dict[str, DagRun] = field(default_factory=dict)
    tasks: list[TaskRun] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether every ingest run and the publication have ended."""
        return all(dag_id in self.runs and self.runs[dag_id].is_done for dag_id in (*INGEST, PUBLISH))

    @property
    def seconds(self) -> float:
        """Since the runs were triggered."""
        return time.monotonic() - self.began

    def table(self) -> Table:
        """One line per DAG."""
        table = Table(title=f"Airflow, {self.seconds:.0f} s", title_justify="left", pad_edge=False)
        for name in ("DAG", "state", "tasks", "now"):
            table.add_column(name)
        for dag_id in (*INGEST, PUBLISH):
            run = self.runs.get(dag_id)
            state = run.state if run else "waiting for assets"
            tasks = [task for task in self.tasks if run and (task.dag_id, task.run_id) == (dag_id, run.run_id)]
            ended = sum(task.state in ENDED for task in tasks)
            colour = COLOURS.get(state, "dim")
            table.add_row(dag_id, f"[{colour}]{state}[/]", f"{ended}/{len(tasks)}", ", ".join(_running(tasks)))
        return table


def wait_for_dags(api: AirflowApi, seconds: float = 60.0) -> None:
    """Wait until every DAG file is parsed.

    Raises:
        DemoError: a file could not be imported, or a DAG is missing when the time is up.
    """
    deadline = time.monotonic() + seconds
    while missing := {*INGEST, PUBLISH} - api.dag_ids():
        if errors := api.import_errors():
            raise DemoError(f"a DAG file cannot be imported: {'; '.join(errors)}")
        if time.monotonic() > deadline:
            raise DemoError(f"Airflow has not found {', '.join(sorted(missing))}: read the dag-processor's log.")
        time.sleep(0.5)


def run_all(api: AirflowApi, console: Console) -> Progress:
    """Trigger the ingest DAGs and follow them and the publication to their end.

    Raises:
        DemoError: the time is up.
    """
    before = {(run.dag_id, run.run_id) for run in api.dag_runs()}
    progress = Progress()
    for dag_id in INGEST:
        progress.runs[dag_id] = api.trigger(dag_id)
    with Live(progress.table(), console=console, transient=True, refresh_per_second=4) as live:
        while not progress.is_done:
            time.sleep(POLL_SECONDS)
            ended = _update(progress, api, before)
            for run in ended:
                live.console.print(f"{progress.seconds:5.0f} s  {run.dag_id}: {run.state}", highlight=False)
            live.update(progress.table())
            if progress.seconds > LIMIT_SECONDS:
                raise DemoError("the runs did not end in time: look at their task logs.")
    return progress


def _update(progress: Progress, api: AirflowApi, before: set[tuple[str, str]]) -> list[DagRun]:
    """Read all runs again; returns those that have ended since the last look."""
    new = [run for run in api.dag_runs() if (run.dag_id, run.run_id) not in before]
    published = [run for run in new if run.dag_id == PUBLISH and run.kind == "asset_triggered"]
    ours = [run for run in new if _is_ours(run, progress)]
    found = {run.dag_id: run for run in [*ours, *published[-1:]]}
    ended = [run for dag_id, run in found.items() if run.is_done and not _was_done(progress, dag_id)]
    progress.runs.update(found)
    progress.tasks = api.task_runs(found.values())
    return ended


def _is_ours(run: DagRun, progress: Progress) -> bool:
    triggered = progress.runs.get(run.dag_id)
    return triggered is not None and triggered.run_id == run.run_id


def _was_done(progress: Progress, dag_id: str) -> bool:
    return dag_id in progress.runs and progress.runs[dag_id].is_done


def _running(tasks: Iterable[TaskRun]) -> list[str]:
    return [f"{task.task_id} {task.label or ''}".strip() for task in tasks if task.state == "running"]
