"""How long the whole chain takes: with Airflow (`make demo`), without it, again with nothing new; then `explain`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure
from demo.generate import generate
from demo.simulators.server import start as start_simulators
from warehouse.database import connect
from warehouse.explain import explain
from warehouse.server import Server
from warehouse.settings import Settings

DEMO_SECONDS = 120
RUN_SECONDS = 45
NOTHING_NEW_SECONDS = 10
EXPLAIN_SECONDS = 1
WRITTEN = """
select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_user_tables
where schemaname like 'raw\\_%' or schemaname in ('audit', 'published')
"""


PUBLISHED = """
select key_figure_code, municipality_code, year from marts.key_figures
where level = 'municipality' and value is not null
"""


def measure_demo(full: bool) -> Iterator[Figure]:
    """Wall time of the demo from an installed environment; its size does not depend on FULL."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "EJENDOMSTAL_HOME": str(Path(folder) / "home")}
        yield Figure("demo", _seconds([sys.executable, "-m", "demo.run"], environment), "s", DEMO_SECONDS)


def measure_run(full: bool) -> Iterator[Figure]:
    """Wall time of `ejendomstal run` on demo data, then of a second one, and the rows that the second wrote.

    Then every published figure of a municipality is explained to its posting lines: the longest of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "demo"
        generate(target)
        settings = Settings(home=Path(folder) / "home", config=target / "config")
        server = Server(settings)
        with start_simulators(target) as simulators:
            environment = {
                **os.environ,
                **simulators.environment,
                "EJENDOMSTAL_HOME": str(settings.home),
                "EJENDOMSTAL_CONFIG": str(settings.config),
            }
            command = [sys.executable, "-m", "warehouse.cli", "run"]
            yield Figure("run", _seconds(command, environment), "s", RUN_SECONDS)
            server.start()
            try:
                before = _rows_written(settings)
                yield Figure("run_nothing_new", _seconds(command, environment), "s", NOTHING_NEW_SECONDS)
                yield Figure("run_nothing_new_rows_written", _rows_written(settings) - before, "rows", 0)
                yield Figure("explain_to_postings_longest", _longest_explanation(settings), "s", EXPLAIN_SECONDS)
            finally:
                server.stop()


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def _longest_explanation(settings: Settings) -> float:
    """Seconds, without the start of a process and without drawing."""
    with connect("ejd_analyst", settings=settings) as connection:
        figures = connection.execute(PUBLISHED.encode()).fetchall()
    taken = []
    for figure in figures:
        started = time.perf_counter()
        explain(settings, *figure, to_postings=True)
        taken.append(time.perf_counter() - started)
    return max(taken)


def _rows_written(settings: Settings) -> float:
    with connect("owner", settings=settings) as connection:
        # Backends report when they end or after a second; ask after the command's own have gone.
        connection.execute("select pg_stat_force_next_flush()")
        row = connection.execute(WRITTEN.encode()).fetchone()
    assert row is not None  # an aggregate gives one row
    return float(row[0])
