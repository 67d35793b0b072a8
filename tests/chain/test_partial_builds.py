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
# The first of them ends a ledger, the second a building register and what is measured.
LEDGER, PLACES_AND_METERS = "^ledger", "^(bbr|fm_|energy|ek109)"


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


def bring_back(settings: Settings, deliveries: list[int]) -> None:
    with connect("owner", settings=settings) as connection:
        connection.execute("update ops.deliveries set state = 'landed' where delivery_id = any (%s)", [deliveries])


def build_changed(settings: Settings) -> Content:
    """A build, of which this makes sure that it is not a whole one; what it made."""
    build.start(settings)
    chosen = build.select_models(settings, build.LAYERS)
    assert chosen and all("source:raw_" in selector for selector in chosen)
    build.run_layer(settings, *build.LAYERS)
    build.finish(settings)
    return content.audit(settings)


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
