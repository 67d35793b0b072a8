"""`make torture` in short: one trial of each phase that needs no dbt; the gate's and the publication's on few rows."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.audit_candidate import Candidate
from tests.torture.commands import preload
from tests.torture.states import STEPS, States, run_undisturbed
from tests.torture.trial import PHASES, Outcome, Plan, Trial, draw
from tests.torture.world import World
from warehouse.server import Server
from warehouse.settings import Settings

# Early enough that a command which is faster than the one that was measured is still at work.
PLANS = (
    Plan(1, "landing", "backend", 0.5),
    Plan(2, "gate", "command", 0.5),
    Plan(3, "publication", "command", 0.4),
)


def run_short_form(folder: Path) -> list[Outcome]:
    """Everything, in a process without threads: it forks."""
    preload()
    world, states = World(folder / "world"), States(folder / "states")
    world.make()
    with world.served() as environment:
        states.make(world, environment, STEPS[:1])
        make_candidate(states, world, environment)
        return [Trial(plan, PHASES[plan.phase], states, folder / "home", world, environment).run() for plan in PLANS]


def make_candidate(states: States, world: World, environment: dict[str, str]) -> None:
    """The states of the gate and of the publication, from a candidate made by hand."""
    settings = Settings(home=states.folder / "by_hand", config=world.config(2))
    states.copy("empty", settings.home)
    Server(settings).start()
    try:
        Candidate(settings).finish()
        states.keep("built", settings)
        for command, state in (("gate", "gated"), ("publish", "final")):
            states.seconds[state] = run_undisturbed([command], settings, environment)
            states.keep(state, settings)
    finally:
        Server(settings).stop(immediate=True)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    folder = tmp_path_factory.mktemp("torture")
    (folder / "states").mkdir()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(run_short_form, folder).result()


@pytest.mark.parametrize("number", range(len(PLANS)), ids=[f"{plan.phase}, {plan.victim}" for plan in PLANS])
def test_whoever_is_killed_the_next_run_ends_where_an_undisturbed_one_ends(
    outcomes: list[Outcome], number: int
) -> None:
    assert outcomes[number].faults == ()


def test_somebody_was_killed_in_each_of_them(outcomes: list[Outcome]) -> None:
    assert [outcome.killed_after is not None for outcome in outcomes] == [True, True, True]


def test_the_same_seed_draws_the_same_trial_and_two_hundred_seeds_draw_every_victim() -> None:
    plans = [draw(seed, PHASES) for seed in range(1, 201)]
    assert plans == [draw(seed, PHASES) for seed in range(1, 201)]
    drawn = {(plan.phase, plan.victim) for plan in plans}
    assert {phase for phase, _ in drawn} == set(PHASES)
    assert {victim for _, victim in drawn} == {
        "command", "group", "dbt", "backend", "postmaster", "worker", "scheduler",
    }  # fmt: skip
