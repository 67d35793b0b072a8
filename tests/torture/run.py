"""`make torture`: kill what runs the chain at seeded moments, and hold what comes of it against undisturbed runs.

N trials (200) with seeds from SEED (1) on, two at a time. One line each; exit status 1 when one failed. What a failed
trial left stays under var/torture.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from multiprocessing import get_context

from tests.torture.airflow_trial import AirflowTrial
from tests.torture.commands import preload
from tests.torture.states import States
from tests.torture.trial import AIRFLOW, NOBODY, PHASES, Outcome, Plan, Trial, draw
from tests.torture.world import World
from warehouse.settings import PROJECT

LANES = 2
SHORT = ("landing", "gate", "publication")
FOLDER = PROJECT / "var" / "torture"


def main() -> int:
    """Make the states, run the trials, sum up."""
    count, first = int(os.environ.get("N") or 200), int(os.environ.get("SEED") or 1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    world, states = World(FOLDER / "world"), States(FOLDER / "states")
    states.folder.mkdir(parents=True)
    world.make()
    preload()
    with world.served() as environment:
        began = time.monotonic()
        states.make(world, environment)
        if any(draw(seed, PHASES).phase == AIRFLOW for seed in range(first, first + count)):
            states.make_scheduled(world)
        say(f"undisturbed runs took {time.monotonic() - began:.0f} s; trials {first} to {first + count - 1}:")
        began = time.monotonic()
        outcomes = list(run_trials(range(first, first + count), states, world, environment))
        sum_up(outcomes, time.monotonic() - began)
    return 1 if any(outcome.faults for outcome in outcomes) else 0


def run_trials(seeds: Iterable[int], states: States, world: World, environment: Mapping[str, str]) -> Iterator[Outcome]:
    """Trials as they end, each told; before them the short phases with nobody killed, which have to pass too."""
    attempt = partial(run_one, states=states, world=world, environment=dict(environment))
    with ProcessPoolExecutor(LANES, mp_context=get_context("spawn"), initializer=preload) as pool:
        for outcome in pool.map(attempt, [Plan(0, phase, NOBODY, 0.0) for phase in SHORT for _ in range(LANES)]):
            if outcome.faults:
                say(outcome.as_line())
                yield outcome
            states.measured[outcome.plan.phase] = outcome.command_seconds
        attempt = partial(attempt, states=states)
        for future in as_completed([pool.submit(attempt, draw(seed, PHASES)) for seed in seeds]):
            say(future.result().as_line())
            yield future.result()


def run_one(plan: Plan, *, states: States, world: World, environment: Mapping[str, str]) -> Outcome:
    """One trial in a home of its own, which stays when the trial fails."""
    kind = AirflowTrial if plan.phase == AIRFLOW else Trial
    home = FOLDER / (f"seed-{plan.seed}" if plan.seed else f"nobody-{os.getpid()}")
    outcome = kind(plan, PHASES[plan.phase], states, home, world, environment).run()
    if not outcome.faults:
        shutil.rmtree(home)
    return outcome


def sum_up(outcomes: list[Outcome], seconds: float) -> None:
    """How many of each kind, how long, which failed."""
    for (phase, victim), count in sorted(Counter((o.plan.phase, o.plan.victim) for o in outcomes).items()):
        late = sum(o.killed_after is None for o in outcomes if (o.plan.phase, o.plan.victim) == (phase, victim))
        say(f"  {count:4d}  {phase} / {victim}" + (f", {late} of them ended before" if late else ""))
    failed = sorted(outcome.plan.seed for outcome in outcomes if outcome.faults)
    say(f"{len(outcomes)} trials in {seconds:.0f} s ({seconds / len(outcomes):.1f} s each), {len(failed)} failed")
    if failed:
        say(f"failed seeds: {', '.join(map(str, failed))}; what they left is under {FOLDER}")


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
