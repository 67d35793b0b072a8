"""One trial: begin from a state, kill somebody at a moment that the seed draws, restart, run again, compare."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.torture import content, soundness, victims
from tests.torture.commands import Command, start
from tests.torture.states import COMMAND_SECONDS, States
from tests.torture.world import World
from warehouse.database import connect
from warehouse.server import Server
from warehouse.settings import Settings

# A command that lost its server or its dbt process has so long to end by itself.
SECONDS_TO_GIVE_UP = 60.0
# After a crash of the server what was built has to be built again: in the short phases most trials kill the command.
VICTIMS = {"command": 6, "backend": 2, "postmaster": 2}
NOBODY = "nobody"
AIRFLOW = "airflow"
VICTIMS_WITH_DBT = {"command": 3, "group": 2, "dbt": 2, "backend": 2, "postmaster": 1}


@dataclass(frozen=True)
class Phase:
    """A part of the chain: where it begins, which command is killed in it, which finish it, where that leads.

    `length` names the states whose steps it covers: the moment is drawn over their measured seconds, or those of
    undisturbed trials where there were some.
    """

    begins: str
    command: str
    recovery: tuple[str, ...]
    ends: str
    length: tuple[str, ...]
    weight: int
    version: int = 2
    victims: Mapping[str, int] = field(default_factory=lambda: VICTIMS)


PHASES = {
    "landing": Phase("empty", "pull", ("pull",), "first_landed", ("first_landed",), 32, 1),
    "gate": Phase("built", "gate", ("gate", "publish"), "final", ("gated",), 24),
    "publication": Phase("gated", "publish", ("publish",), "final", ("final",), 32),
    "dbt": Phase("landed", "build", ("run",), "final", ("built",), 4, victims=VICTIMS_WITH_DBT),
    "chain": Phase("published", "run", ("run",), "final", ("published",), 8, victims=VICTIMS_WITH_DBT),
    AIRFLOW: Phase("scheduled", "", (), "final", (), 4, victims={"worker": 1, "scheduler": 1}),
}


@dataclass(frozen=True)
class Plan:
    """What a seed has drawn. `fraction` of the phase's length passes before the kill."""

    seed: int
    phase: str
    victim: str
    fraction: float


@dataclass(frozen=True)
class Outcome:
    """What became of a trial; no faults: it passed."""

    plan: Plan
    killed_after: float | None
    faults: tuple[str, ...]
    seconds: float

    command_seconds: float = 0.0

    def as_line(self) -> str:
        """One line for the terminal."""
        plan = self.plan
        when = "ended before" if self.killed_after is None else f"after {self.killed_after:5.2f} s"
        told = "ok" if not self.faults else "FAILED: " + "; ".join(self.faults)
        return (
            f"seed {plan.seed:5d}  {plan.phase:<11} {plan.victim:<10} at {plan.fraction:4.0%}, {when:<12}  "
            f"{self.seconds:5.1f} s  {told}"
        )


def draw(seed: int, phases: Mapping[str, Phase]) -> Plan:
    """What is killed, in which phase and when; the same for the same seed."""
    chance = random.Random(f"trial {seed}")
    (name,) = chance.choices(list(phases), [phase.weight for phase in phases.values()])
    victims_of = phases[name].victims
    (victim,) = chance.choices(list(victims_of), list(victims_of.values()))
    return Plan(seed, name, victim, chance.random())


class Trial:
    """The trial of one plan in `home`."""

    def __init__(
        self, plan: Plan, phase: Phase, states: States, home: Path, world: World, environment: Mapping[str, str]
    ) -> None:
        self.plan, self.phase, self.states = plan, phase, states
        self.settings = Settings(home=home, config=world.config(phase.version))
        self.environment = environment
        self.faults: list[str] = []

    def run(self) -> Outcome:
        """Everything; what goes wrong becomes a fault of the outcome."""
        began = time.monotonic()
        self.states.copy(self.phase.begins, self.settings.home)
        killed_after, command_seconds = None, 0.0
        try:
            Server(self.settings).start()
            killed_after, command_seconds = self._disturb()
            self._look_in_between()
            self._recover()
            self._compare()
        except Exception as error:
            self.faults.append(f"{type(error).__name__}: {error}")
        finally:
            Server(self.settings).stop(immediate=True)
        return Outcome(self.plan, killed_after, tuple(self.faults), time.monotonic() - began, command_seconds)

    def _disturb(self) -> tuple[float | None, float]:
        """Start the phase's command, kill, wait until it has ended. Seconds to the kill and to its end."""
        chance = random.Random(self.plan.seed + 1)
        length = self.states.length(self.plan.phase, self.phase.length)
        command = start([self.phase.command], self.settings, self.environment)
        began = time.monotonic()
        self._pass_time(command, began + self.plan.fraction * length)
        is_killed = self.plan.victim != NOBODY and victims.kill(self.plan.victim, command, self.settings, chance)
        killed_after = time.monotonic() - began if is_killed else None
        status = command.wait(SECONDS_TO_GIVE_UP)
        ended_after = time.monotonic() - began
        if status is None:
            self.faults.append(f"{self.phase.command} hung after the kill")
        if "Traceback" in command.printed():
            self.faults.append(f"{self.phase.command} ended in a traceback, not a sentence")
        return killed_after, ended_after

    def _pass_time(self, command: Command, until: float) -> None:
        while time.monotonic() < until and not command.has_ended():
            time.sleep(0.005)

    def _look_in_between(self) -> None:
        """Readers see what was there before or what comes after, whole."""
        Server(self.settings).start()
        self._wait_for_server()
        seen = content.marts(self.settings)
        editions = [self.states.marts[state]["marts.key_figures"] for state in (self.phase.begins, self.phase.ends)]
        if seen["marts.key_figures"] not in editions:
            self.faults.append("after the kill readers saw neither the old edition nor the new one")

    def _wait_for_server(self) -> None:
        """A server one of whose processes was killed starts the others anew."""
        deadline = time.monotonic() + 30
        while True:
            try:
                with connect("owner", settings=self.settings):
                    return
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def _recover(self) -> None:
        for argument in self.phase.recovery:
            command = start([argument], self.settings, self.environment)
            status = command.wait(COMMAND_SECONDS)
            if status == 1 and "`ejendomstal build` again" in " ".join(command.printed().split()):
                self._build_anew()
                return
            if status != 0:
                self.faults.append(f"the next {argument} ended with {status}: {command.printed()[-2000:]}")

    def _build_anew(self) -> None:
        """A crash took tables of the candidate: the command has said so."""
        command = start(["run"], self.settings, self.environment)
        status = command.wait(COMMAND_SECONDS)
        if status != 0:
            self.faults.append(f"the run after a crash ended with {status}: {command.printed()[-2000:]}")

    def _compare(self) -> None:
        self.faults += soundness.faults(self.settings)
        self.faults += soundness.left_processes(self.settings)
        self.faults += content.differences(content.landed(self.settings), self.states.landed[self.phase.ends])
        self.faults += content.differences(content.marts(self.settings), self.states.marts[self.phase.ends])
