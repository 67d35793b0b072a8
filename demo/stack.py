"""The processes of the demo: PostgreSQL, simulated sources, Airflow; started side by side, found again, stopped."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warehouse.airflow import COMPONENTS, NEEDED, Airflow
from warehouse.airflow_api import AirflowApi
from warehouse.processes import Background, stop
from warehouse.server import Server
from warehouse.settings import PROJECT, Settings, get_settings

MARK = "This folder belongs to the demo and is emptied by it.\n"
SIMULATOR_SECONDS = 30
STOP_SECONDS = 10


class DemoError(RuntimeError):
    """The demo cannot go on; the message says what to do."""


@dataclass(frozen=True)
class Stack:
    """Everything the demo runs below one home folder."""

    settings: Settings

    @property
    def world(self) -> Path:
        """Folder of the generated sources, configuration and truth."""
        return self.settings.home / "world"

    @property
    def airflow(self) -> Airflow:
        """The demo's Airflow."""
        return Airflow(self.settings)

    @property
    def server(self) -> Server:
        """The demo's PostgreSQL."""
        return Server(self.settings)

    def start(self, *, with_triggerer: bool = False) -> AirflowApi:
        """Generate the world while the databases are made, then start simulators and Airflow; wait until ready."""
        generation = self._run("demo.generate", str(self.world))
        self.server.start()
        initialisation = self.airflow.initialise()
        _finish(generation, self.settings.logs / "demo.generate.log")
        connections = self._start_simulators()
        _finish(initialisation, self.settings.logs / "airflow-init.log")
        self.airflow.start(connections, COMPONENTS if with_triggerer else NEEDED)
        return self.airflow.wait_until_ready()

    def stop(self) -> None:
        """Stop whatever runs."""
        self.airflow.stop()
        stop([self._simulators()], STOP_SECONDS)
        self.server.stop()

    def empty(self) -> None:
        """Begin anew. Only a folder that the demo made is ever emptied.

        Raises:
            DemoError: the folder holds something else.
        """
        home, mark = self.settings.home, self.settings.home / "demo.txt"
        if home.exists() and any(home.iterdir()) and not mark.exists():
            raise DemoError(f"{home} is not the demo's folder: set EJENDOMSTAL_HOME to an empty one or unset it.")
        if mark.exists():
            self.stop()
            shutil.rmtree(home)
        home.mkdir(parents=True, exist_ok=True)
        mark.write_text(MARK)

    def _start_simulators(self) -> Mapping[str, str]:
        log = self.settings.logs / "simulators.log"
        self._simulators().start(
            [sys.executable, "-m", "demo.simulators", str(self.world)], log=log, environment=os.environ, cwd=PROJECT
        )
        deadline = time.monotonic() + SIMULATOR_SECONDS
        while time.monotonic() < deadline and self._simulators().process() is not None:
            first, end, _ = log.read_text().partition("\n")
            if end:
                environment: dict[str, str] = json.loads(first)
                return environment
            time.sleep(0.1)
        raise DemoError(f"the simulated sources did not start: read {log}.")

    def _simulators(self) -> Background:
        return Background("simulators", self.settings.home)

    def _run(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        self.settings.logs.mkdir(parents=True, exist_ok=True)
        with (self.settings.logs / f"{module}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, cwd=PROJECT,
            )  # fmt: skip


def demo_stack() -> Stack:
    """The stack under EJENDOMSTAL_HOME, default var/demo; a real database or store in the environment is ignored."""
    for name in ("EJENDOMSTAL_DATABASE_URL", "EJENDOMSTAL_STORE_URL", "EJENDOMSTAL_ROLE_PASSWORD"):
        os.environ.pop(name, None)
    home = Path(os.environ.get("EJENDOMSTAL_HOME") or PROJECT / "var" / "demo").expanduser().absolute()
    os.environ["EJENDOMSTAL_HOME"] = str(home)
    os.environ["EJENDOMSTAL_CONFIG"] = str(home / "world" / "config")
    return Stack(get_settings())


def _finish(process: subprocess.Popen[bytes], log: Path) -> None:
    if process.wait() != 0:
        raise DemoError(f"a step of the start failed: read {log}.")
