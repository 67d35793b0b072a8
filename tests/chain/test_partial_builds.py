"""A build makes only what changed streams reach: what comes of it is what a whole build makes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.torture import content
from tests.torture.commands import place
from tests.torture.content import Content
from tests.torture.world import World
from warehouse import build
from warehouse.changes import changed_streams
from warehouse.database import connect, prepare
from warehouse.server import Server
from warehouse.settings import Settings

WITHDRAWN = """
update ops.deliveries set state = 'superseded'
where delivery_id in (
    select max(delivery_id) from ops.current_deliveries group by source, stream having source || stream ~ %s
)
returning delivery_id
"""
TABLES = "select relname, oid::bigint from pg_class where relkind = 'r' and relnamespace = 'intermediate'::regnamespace"
# The first of them ends a ledger, the second a building register and what is measured.
LEDGER, PLACES_AND_METERS, METERS = "^ledger", "^(bbr|fm_|energy|ek109)", "^energy"
DATED = "^(ledger|energy|ek109|eloverblik|fm_[a-z]*meter)"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A municipality with fourteen properties, pulled and built whole."""
    folder: Path = tmp_path_factory.mktemp("partial")
    world, settings = World(folder / "world"), Settings(home=folder / "home", config=folder / "world" / "1" / "config")
    world.make()
    Server(settings).start()
    try:
        prepare(settings)
        with world.served() as environment:
            pull = [sys.executable, "-m", "warehouse.cli", "pull"]
            done = subprocess.run(pull, env={**os.environ, **environment, **place(settings)}, check=False)
            assert done.returncode == 0
        build.build(settings)
        yield settings
    finally:
        Server(settings).stop(immediate=True)


def withdraw(settings: Settings, which: str) -> list[int]:
    """Take the newest delivery of each such stream away, as if it had been superseded."""
    with connect("owner", settings=settings) as connection:
        return [number for (number,) in connection.execute(WITHDRAWN.encode(), [which])]


def withdraw_years(settings: Settings) -> list[int]:
    """Take everything away that years are known by, and no place."""
    withdrawn: list[int] = []
    while found := withdraw(settings, DATED):
        withdrawn += found
    return withdrawn


def bring_back(settings: Settings, deliveries: list[int]) -> None:
    with connect("owner", settings=settings) as connection:
        connection.execute("update ops.deliveries set state = 'landed' where delivery_id = any (%s)", [deliveries])


def build_changed(settings: Settings) -> Content:
    """A build, of which this makes sure that it is not a whole one; what it made."""
    build.start(settings)
    assert changed(settings)
    build.run_layer(settings, *build.LAYERS)
    build.finish(settings)
    return content.audit(settings)


def changed(settings: Settings) -> list[str] | None:
    with connect("ejd_transformer", settings=settings) as connection:
        return changed_streams(connection)


def tables(settings: Settings) -> dict[str, int]:
    """Number of each table of the models; another one when it was made anew."""
    with connect("owner", settings=settings) as connection:
        return dict(connection.execute(TABLES).fetchall())


@pytest.mark.parametrize("which", [LEDGER, PLACES_AND_METERS])
def test_a_build_of_changed_streams_makes_what_a_whole_build_makes(built: Settings, which: str) -> None:
    before = content.audit(built)
    withdrawn = withdraw(built, which)
    partial = build_changed(built)
    assert content.differences(partial, before), "nothing depends on what was withdrawn"
    build.build(built, whole=True)
    assert content.differences(content.audit(built), partial) == []
    bring_back(built, withdrawn)
    assert content.differences(build_changed(built), before) == []


def test_what_is_told_by_the_year_is_left_alone_when_the_years_are_what_they_were(built: Settings) -> None:
    before, made = content.audit(built), tables(built)
    withdrawn = withdraw(built, METERS)
    partial = build_changed(built)
    again = {name for name, number in tables(built).items() if made.get(name) != number}
    assert {"int_years__observed", "int_energy__consumed", "int_measures__rolled_up"} <= again
    assert not {"int_areas__measured", "int_users__counted", "int_unit_days__cut", "int_costs__allocated"} & again
    left = tables(built)
    build.build(built, whole=True)
    assert tables(built)["int_areas__measured"] != left["int_areas__measured"], "the whole was asked for"
    assert content.differences(content.audit(built), partial) == []
    bring_back(built, withdrawn)
    assert content.differences(build_changed(built), before) == []


def test_years_that_moved_reach_everything_although_a_build_was_cut_off_behind_them(built: Settings) -> None:
    before, years = content.audit(built), build.observed_years(built)
    withdrawn = withdraw_years(built)
    build.start(built)
    build.make_changed(built, changed(built) or [], toward=[build.YEARS])
    assert build.observed_years(built) != years
    partial = build_changed(built)  # the one that was cut off is given up
    build.build(built, whole=True)
    assert content.differences(content.audit(built), partial) == []
    bring_back(built, withdrawn)
    build.start(built)
    build.make_changed(built, changed(built) or [], toward=[build.YEARS])
    assert build.observed_years(built) == years
    for layer in build.LAYERS:  # as Airflow does, which tries the same candidate again
        build.run_layer(built, layer)
    build.finish(built)
    assert content.differences(content.audit(built), before) == []
