"""The states that trials begin from: copies of a home folder, made once by undisturbed commands."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture import content
from tests.torture.commands import start
from tests.torture.content import Content
from tests.torture.world import World
from warehouse.airflow import Airflow
from warehouse.database import prepare
from warehouse.server import Server
from warehouse.settings import Settings

COMMAND_SECONDS = 300.0
Step = tuple[int, str, str]
# The version of the world, the command that leads from the state before to this one, and this one's name.
STEPS: tuple[Step, ...] = (
    (1, "pull", "first_landed"),
    (1, "run", "published"),
    (2, "pull", "landed"),
    (2, "build", "built"),
    (2, "gate", "gated"),
    (2, "publish", "final"),
)


class StateError(RuntimeError):
    """An undisturbed command failed: there is nothing to compare with."""


@dataclass
class States:
    """Snapshots below `folder`, what they hold, and how many seconds the commands between them took.

    `measured`: seconds of a phase's command while others run beside it, as they do in trials.
    """

    folder: Path
    marts: dict[str, Content] = field(default_factory=dict)
    landed: dict[str, Content] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    measured: dict[str, float] = field(default_factory=dict)

    def length(self, phase: str, steps: Iterable[str]) -> float:
        """Seconds that a phase's command takes undisturbed."""
        return self.measured.get(phase) or sum(self.seconds[step] for step in steps)

    def copy(self, state: str, home: Path) -> None:
        """Make `home` a copy of a state; only its owner's folders are touched."""
        if home.exists():
            shutil.rmtree(home)
        subprocess.run(["cp", "-a", str(self.folder / state), str(home)], check=True)
        # With the port of the copied server: two copies would start on the same one.
        (home / "pg" / "ejendomstal.conf").unlink()
        (home / "airflow" / "port").unlink(missing_ok=True)

    def make(self, world: World, environment: Mapping[str, str], steps: Iterable[Step] = STEPS) -> None:
        """Run the whole lineage once, undisturbed; keep a copy after each step."""
        settings = Settings(home=self.folder / "calm", config=world.config(1))
        Server(settings).start()
        try:
            prepare(settings)
            self.keep("empty", settings)
            for version, step, state in steps:
                settings = Settings(home=settings.home, config=world.config(version))
                self.seconds[state] = run_undisturbed([step], settings, environment)
                self.keep(state, settings)
        finally:
            Server(settings).stop(immediate=True)

    def make_scheduled(self, world: World) -> None:
        """The state `scheduled`: `landed`, and Airflow's database beside it."""
        settings = Settings(home=self.folder / "scheduled", config=world.config(2))
        self.copy("landed", settings.home)
        Server(settings).start()
        try:
            if Airflow(settings).initialise().wait() != 0:
                raise StateError(f"Airflow was not initialised: read {settings.logs}")
        finally:
            Server(settings).stop()
        self.marts["scheduled"], self.landed["scheduled"] = self.marts["landed"], self.landed["landed"]

    def keep(self, state: str, settings: Settings) -> None:
        """Copy a home under the name of a state, and note what it holds."""
        self.marts[state], self.landed[state] = content.marts(settings), content.landed(settings)
        Server(settings).stop()
        subprocess.run(["cp", "-a", str(settings.home), str(self.folder / state)], check=True)
        Server(settings).start()


def run_undisturbed(arguments: list[str], settings: Settings, environment: Mapping[str, str]) -> float:
    """Run a command to its end; seconds it took."""
    began = time.monotonic()
    command = start(arguments, settings, environment)
    if command.wait(COMMAND_SECONDS) != 0:
        raise StateError(f"{' '.join(arguments)} failed undisturbed:\n{command.printed()}")
    return time.monotonic() - began
