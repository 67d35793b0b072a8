"""What the DAG files have in common: owner, retries, assets and the shape of an ingest DAG."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, cast, get_args

from airflow.sdk import (
    Asset,
    Connection,
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    RetryAction,
    RetryRule,
    get_current_context,
    task,
)

from connectors.base import Family, registered
from connectors.errors import ConfigError, FatalError

log = logging.getLogger("ejendomstal")

# An asset event says "this family of sources was pulled"; what is new is read from ops.deliveries, never from events.
FAMILIES = {family: Asset(name=family, uri=f"x-ejendomstal://raw/{family}") for family in get_args(Family)}
KEY_FIGURES = Asset(name="key_figures", uri="x-ejendomstal://marts/key_figures")


def danish_time(cron: str) -> CronTriggerTimetable:
    """A schedule by Danish clocks. A DAG that is switched on waits for its next time."""
    return CronTriggerTimetable(cron, timezone="Europe/Copenhagen", run_immediately=timedelta(0))


def report_failure(context: Any) -> None:
    """Write one line that alerting can match on, and tell whom alerts.yml names; both name the task, never data."""
    from warehouse.alerts import alert_failure, explain
    from warehouse.settings import get_settings

    run, error = context["task_instance"], context.get("exception")
    log.error(
        "FAILED dag=%s task=%s map_index=%s run=%s error=%s",
        run.dag_id, run.task_id, run.map_index, run.run_id, type(error).__name__,
    )  # fmt: skip
    place = f"{run.dag_id}.{run.task_id}" + (f"[{run.map_index}]" if run.map_index >= 0 else "")
    alert_failure(get_settings(), f"{place} of run {run.run_id}", [explain(error)], resolve=Connection.get)


# A wrong key or an unknown setting stays wrong: only what may pass by itself is tried again.
RETRIES = ExceptionRetryPolicy(
    rules=[RetryRule(exception=[FatalError, ConfigError], action=RetryAction.FAIL, reason="a person has to act")]
)
SETTINGS: dict[str, Any] = {
    "catchup": False,
    "max_active_runs": 1,
    "default_args": {
        "owner": "data-engineering",
        "retries": 3,
        "retry_delay": timedelta(seconds=20),
        "retry_exponential_backoff": 4.0,  # 20 s, 80 s, 320 s
        "retry_policy": RETRIES,
        "execution_timeout": timedelta(hours=2),
        "on_failure_callback": report_failure,
    },
}
# Our own work on our own database: what fails twice fails always.
PUBLISH_SETTINGS = SETTINGS | {"default_args": SETTINGS["default_args"] | {"retries": 1}}


def ingest(family: Family) -> None:
    """Wire a DAG that pulls each source of a family once per municipality that has it, then updates the family's asset.

    A failed pull makes the run red, but neither stops the other municipalities nor keeps the asset from being updated.
    A pool (pools.json) bounds how many pulls run at once; a source whose API is limited has one of its own.
    """
    pools: dict[str, list[str]] = {}
    for source in registered().values():
        if source.family == family:
            pools.setdefault(source.pool, []).append(source.name)
    pulls = [
        pull.override(task_id=f"pull_{pool}", pool=pool).expand_kwargs(
            configured.override(task_id=f"configured_{pool}")(sources)
        )
        for pool, sources in pools.items()
    ]
    pulls >> landed.override(outlets=[FAMILIES[family]])(family)
    pulls >> every_pull_succeeded()


@task
def configured(sources: list[str]) -> list[dict[str, str]]:
    """Source and municipality of every pull that the configuration asks for, what is the same for all first."""
    from connectors.pull import configured_sources
    from warehouse.settings import get_settings

    pairs = configured_sources(get_settings())
    return [{"source": source, "municipality_code": code} for source, code in pairs if source in sources]


@task(map_index_template="{{ pulled }}")
def pull(source: str, municipality_code: str) -> None:
    """Fetch what one source has for one municipality and land what is new."""
    from connectors.pull import pull as pull_source
    from warehouse.settings import get_settings

    cast(dict[str, Any], get_current_context())["pulled"] = f"{source} {municipality_code}"  # for the index template
    for result in pull_source(source, municipality_code, get_settings(), resolve=Connection.get):
        log.info(
            "%s %s: %s, %s rows, %s rejected. %s", result.stream, result.file_name, result.outcome, result.row_count,
            result.rejected_row_count, result.reason or "",
        )  # fmt: skip


@task(trigger_rule="all_done")
def landed(family: Family) -> None:
    """Update the asset, also when some pulls failed: the other municipalities are not held back. Tell who is silent."""
    from warehouse.alerts import alert_stale
    from warehouse.settings import get_settings

    alert_stale(get_settings(), family, resolve=Connection.get)


@task(trigger_rule="one_failed", retries=0, on_failure_callback=None)
def every_pull_succeeded() -> None:
    """Runs only after a failed pull, to make the run red; the pull itself has been told."""
    raise RuntimeError("a pull failed: its task log says which source, municipality and file, and what to do.")
