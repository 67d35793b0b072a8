"""The main job, step by step: pull, build, gate, publish. Airflow tasks and commands call the same functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

import psycopg

from connectors.errors import SourceError
from connectors.pull import EVERYTHING, PullResult, Wanted, configured_sources, pull
from connectors.tally import Tally
from expectations import gate
from warehouse import build, publish
from warehouse.alerts import alert_failure, alert_holds, alert_stale, failures_alerted
from warehouse.database import connect
from warehouse.settings import Settings

# Pulls wait for the network and for COPY most of the time; a few at once fill the gaps on a small machine.
PARALLEL_PULLS = 4

# A command that runs holds the lock of its row of ops.runs. Any number that only runs use.
RUN_LOCK = 7421001
OPEN_RUN = """
with opened as (insert into ops.runs (command) values (%s) returning run_id)
select run_id, pg_advisory_lock(%s, cast(run_id as integer)) from opened
"""
CLOSE_KILLED = """
update ops.runs set state = 'failed', message = 'the process was killed', finished_at = clock_timestamp()
where state = 'running' and pg_try_advisory_xact_lock(%s, cast(run_id as integer))
"""


@dataclass
class RunReport:
    """What one run did. `failures` are pulls that could not be finished; the others' data went on."""

    results: list[PullResult] = field(default_factory=list)
    failures: list[SourceError] = field(default_factory=list)
    candidate_id: int | None = None
    gate: gate.GateReport | None = None
    publication: publish.PublishReport | None = None


@contextmanager
def recorded(settings: Settings, command: str) -> Iterator[None]:
    """Keep a row of `ops.runs` about a command: when it ran and how it ended.

    As long as the command lives it holds the lock of its row. Rows without one belong to processes that were killed:
    the next command says so of them.
    """
    with closing(connect("ejd_loader", settings=settings, autocommit=True)) as alive:
        with alive.transaction():
            alive.execute(CLOSE_KILLED.encode(), [RUN_LOCK])
            row = alive.execute(OPEN_RUN.encode(), [command, RUN_LOCK]).fetchone()
        assert row is not None  # an insert ... returning gives a row or raises
        try:
            with failures_alerted(settings, f"ejendomstal {command}"):
                yield
        except BaseException as error:
            with suppress(psycopg.OperationalError):  # the server may be what failed: then the next command closes it
                _close_run(settings, row[0], "failed", str(error) or type(error).__name__)
            raise
        _close_run(settings, row[0], "succeeded", None)


def _close_run(settings: Settings, run_id: int, state: str, message: str | None) -> None:
    with connect("ejd_loader", settings=settings) as connection:
        connection.execute(
            "update ops.runs set state = %s, message = %s, finished_at = clock_timestamp() where run_id = %s",
            [state, message, run_id],
        )


def pull_all(
    settings: Settings,
    only: str | None = None,
    on_landed: Callable[[], None] = lambda: None,
    *,
    municipality: str | None = None,
    wanted: Wanted = EVERYTHING,
    watch: Callable[[str, str], Tally] = lambda source, code: Tally(),
) -> tuple[list[PullResult], list[SourceError]]:
    """Pull every configured source of every municipality, or one. Failures are returned, not raised.

    `on_landed` is called, from here, when a pull has brought something new: work that waits for it can begin. `watch`
    gives what a pull counts into. A source of a municipality that are both named need not be configured: the failure
    then says so.
    """
    pairs = [
        (source, code)
        for source, code in configured_sources(settings)
        if only in (None, source) and municipality in (None, code)
    ]
    if only and municipality:
        pairs = [(only, municipality)]
    results: list[PullResult] = []
    failures: list[SourceError] = []
    with ThreadPoolExecutor(PARALLEL_PULLS) as pool:
        futures = [
            pool.submit(pull, source, code, settings, wanted=wanted, tally=watch(source, code))
            for source, code in pairs
        ]
        for future in as_completed(futures):
            try:
                results.extend(future.result())
            except SourceError as error:
                failures.append(error)
                continue
            if any(result.outcome == "landed" for result in future.result()):
                on_landed()
    return results, failures


def build_if_due(settings: Settings, *, whole: bool = False) -> int | None:
    """Build a candidate unless the newest one is published and of the same inputs; the whole is always built."""
    return build.build(settings, whole=whole) if whole or build.is_due(settings) else None


def run(settings: Settings) -> RunReport:
    """Pull, build, gate and publish. With nothing new it stops after the pull."""
    report = RunReport()
    with recorded(settings, "run"):
        report.results, report.failures = pull_all(settings, on_landed=lambda: build.warm_up(settings))
        if build.is_due(settings):
            # Great Expectations takes seconds to import; dbt works in a process of its own meanwhile.
            gate.warm_up()
            report.candidate_id = build.build(settings)
            report.gate = judge(settings)
            report.publication = publish.publish(settings)
    tell(settings, "run", report.failures)
    return report


def judge(settings: Settings, kind: publish.Kind = "provisional") -> gate.GateReport:
    """Judge the newest candidate for an edition of a kind, and tell what is held."""
    report = gate.run(settings, kind=kind)
    alert_holds(settings)
    return report


def tell(settings: Settings, command: str, failures: list[SourceError]) -> None:
    """After pulls: tell those that failed, and which sources have gone quiet."""
    if failures:
        alert_failure(settings, f"{len(failures)} pulls of ejendomstal {command}", map(str, failures))
    alert_stale(settings)
