"""The world of every source on a warehouse of its own, pulled once by the command line and once more by Airflow."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from psycopg import sql

from connectors.base import registered
from tests.dags.conftest import Facts, ask
from tests.every_source.world import Counted, serving, write_configuration
from tests.staging.staged import Rows, stage
from warehouse.airflow import Airflow
from warehouse.database import connect, prepare
from warehouse.server import Server
from warehouse.settings import Settings

Stream = tuple[str, str]


@dataclass
class Landed:
    """What the first pull left: its words, rows per stream, calls per simulator, outcomes per delivery."""

    printed: str
    rows: dict[Stream, int]
    calls: dict[str, int]
    deliveries: list[tuple[str, str, str]]


@dataclass
class World:
    """A running warehouse and the simulators around it."""

    settings: Settings
    simulators: dict[str, Counted]
    airflow: Airflow
    initialising: subprocess.Popen[bytes]

    def command(self, *arguments: str) -> str:
        """What `ejendomstal` prints, in a process of its own; it has to succeed."""
        done = subprocess.run(
            [sys.executable, "-m", "warehouse.cli", *arguments], capture_output=True, text=True, check=False,
            env={**os.environ, "COLUMNS": "300"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self) -> dict[Stream, int]:
        """Rows of current deliveries per stream of every registered source."""
        names = [(source.name, stream.name) for source in registered().values() for stream in source.streams]
        count = "select count(*) from {} join ops.current_deliveries using (delivery_id)"
        with connect("owner", settings=self.settings) as connection:
            found = {}
            for source, stream in names:
                query = sql.SQL(count).format(sql.Identifier(f"raw_{source}", stream))
                found[source, stream] = connection.execute(query).fetchall()[0][0]
        return found

    def deliveries(self) -> list[tuple[str, str, str]]:
        """Source, stream and state of every delivery, in order."""
        with connect("owner", settings=self.settings) as connection:
            return connection.execute(
                "select source, stream, state from ops.deliveries order by delivery_id"
            ).fetchall()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Nothing has been pulled. Until the module ends, the environment of this process leads to this warehouse."""
    folder = tmp_path_factory.mktemp("every_source")
    settings = Settings(home=folder / "home", config=folder / "config")
    write_configuration(settings.config)
    server = Server(settings)
    with serving(folder / "simulators") as (simulators, connections), pytest.MonkeyPatch.context() as patch:
        places = {"EJENDOMSTAL_HOME": str(settings.home), "EJENDOMSTAL_CONFIG": str(settings.config)}
        for name, value in {**connections, **places}.items():
            patch.setenv(name, value)
        server.start()
        try:
            prepare(settings)
            airflow = Airflow(settings)
            with airflow.initialise() as initialising:  # takes its seconds beside the first pull
                yield World(settings, simulators, airflow, initialising)
        finally:
            server.stop(immediate=True)


@pytest.fixture(scope="module")
def landed(world: World) -> Landed:
    """After `ejendomstal pull`, in one process."""
    printed = world.command("pull")
    calls = {name: simulator.calls for name, simulator in world.simulators.items()}
    return Landed(printed, world.rows(), calls, world.deliveries())


@pytest.fixture(scope="module")
def staged(world: World, landed: Landed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """Every table of staging after one build of dbt."""
    return stage(world.settings, tmp_path_factory.mktemp("dbt"), *registered())


@pytest.fixture(scope="module")
def dag_runs(world: World, landed: Landed) -> dict[str, Facts]:
    """Every ingest DAG, run through Airflow when everything has landed."""
    assert world.initialising.wait() == 0
    families = sorted({source.family for source in registered().values()})
    return ask(world.airflow, "run_dag.py", *(f"ingest_{family}" for family in families))
