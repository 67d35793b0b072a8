"""kill -9 in the middle of the chain: nothing half is visible, and the next run ends where an undisturbed one ends."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.generate import generate
from demo.simulators.server import start as start_simulators
from warehouse.database import connect, prepare
from warehouse.server import Server
from warehouse.settings import Settings

# What a run leaves for its readers; ids and times differ between two runs and are left out.
CONTENT = {
    "key_figures": "municipality_code, topic, year, level, key_figure_code, version, numerator, denominator, value, "
    "status_code, flags, reason",
    "measures": "municipality_code, topic, year, property_id, building_id, use_category, tenure, measure_code, amount, "
    "status_code",
    "coverage": "municipality_code, topic, year, key_figure_code, coverage_pct, missing_measures",
    "dim_buildings": "municipality_code, building_id, use_category, bda_m2",
    "dim_properties": "municipality_code, property_id, use_category",
    "gate_verdicts": "municipality_code, topic, year, verdict, reason",
}
# The moments of a run that a trial may choose, seen from outside.
STAGES: dict[str, str] = {
    "landing": "select count(*) >= 20 from ops.deliveries",
    "building": "select count(*) > 0 from ops.candidates where state = 'building'",
    "gating": "select count(*) > 0 from ops.candidates where state = 'built'",
    "publishing": "select count(*) > 0 from ops.candidates where state = 'gated'",
}


def content(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    with connect("ejd_analyst", settings=settings) as connection:
        return {
            view: connection.execute(f"select {columns} from marts.{view} order by {columns}".encode()).fetchall()
            for view, columns in CONTENT.items()
        }


def raw_rows_without_delivery(settings: Settings) -> int:
    """Rows in raw tables that no landed or superseded delivery owns: the trace of a half landing."""
    with connect("owner", settings=settings) as connection:
        tables = connection.execute(
            "select format('%%I.%%I', table_schema, table_name) from information_schema.columns c "
            "join information_schema.tables t using (table_schema, table_name) where column_name = 'row_no' "
            "and table_schema like 'raw\\_%%' and table_name not like 'rejected%%' and table_type = 'BASE TABLE'",
            [],
        ).fetchall()
        query = " union all ".join(
            f"select count(*) as n from {name} r where not exists (select from ops.deliveries d "
            "where d.delivery_id = r.delivery_id and d.state in ('landed', 'superseded'))"
            for (name,) in tables
        )
        row = connection.execute(f"select sum(n) from ({query}) counted".encode()).fetchone()
    assert row is not None
    return int(row[0])


def wait_until(settings: Settings, question: str, alive: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    with connect("owner", settings=settings, autocommit=True) as connection:
        while alive() and time.monotonic() < deadline:
            if connection.execute(question.encode()).fetchone() == (True,):
                return
            time.sleep(0.02)


def run(settings: Settings, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "warehouse.cli", "run"], start_new_session=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**environment, "EJENDOMSTAL_HOME": str(settings.home), "EJENDOMSTAL_CONFIG": str(settings.config)},
    )  # fmt: skip


@pytest.mark.parametrize("seed", [1])
def test_a_run_killed_at_every_stage_ends_like_an_undisturbed_one(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    folder: Path = tmp_path_factory.mktemp("kill")
    generate(folder / "demo", scale=0.05)
    chance = random.Random(seed)
    homes = {name: Settings(home=folder / name, config=folder / "demo" / "config") for name in ("calm", "killed")}
    with start_simulators(folder / "demo") as simulators:
        environment = {**os.environ, **simulators.environment}
        for settings in homes.values():
            Server(settings).start()
            prepare(settings)
        try:
            calm = run(homes["calm"], environment)
            assert calm.wait(timeout=300) == 0, calm.stderr and calm.stderr.read().decode()
            for stage, question in STAGES.items():
                process = run(homes["killed"], environment)
                wait_until(homes["killed"], question, lambda process=process: process.poll() is None)
                time.sleep(chance.random() * 0.3)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                assert content(homes["killed"])["key_figures"] in ([], content(homes["calm"])["key_figures"]), stage
                assert raw_rows_without_delivery(homes["killed"]) == 0, stage
            last = run(homes["killed"], environment)
            assert last.wait(timeout=300) == 0, last.stderr and last.stderr.read().decode()
            assert content(homes["killed"]) == content(homes["calm"])
            assert len(content(homes["calm"])["key_figures"]) > 50
        finally:
            for settings in homes.values():
                Server(settings).stop(immediate=True)
