"""The whole chain on the demo's data, once for all tests of this folder: real HTTP, PostgreSQL, dbt and gate."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.generate import generate
from demo.simulators.server import start as start_simulators
from demo.truth import Truth
from warehouse.database import connect, prepare
from warehouse.pipeline import RunReport, run
from warehouse.server import Server
from warehouse.settings import Settings

# A person number that is nobody's, written into texts that the configuration drops.
PERSON = "010170-9999"


@dataclass
class Chain:
    """A warehouse after its first run, and what it should hold."""

    settings: Settings
    target: Path
    truth: Truth
    report: RunReport
    environment: dict[str, str]

    def rows(self, query: str, role: str = "ejd_analyst", **values: Any) -> list[tuple[Any, ...]]:
        """Answer of a query, as an analyst unless said otherwise."""
        with connect(role, settings=self.settings) as connection:
            return connection.execute(query.encode(), values).fetchall()


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """Generate, serve, pull, build, gate, publish."""
    folder = tmp_path_factory.mktemp("chain")
    target = folder / "demo"
    truth = generate(target)
    plant_person(target)
    settings = Settings(home=folder / "home", config=target / "config")
    server = Server(settings)
    with start_simulators(target) as simulators, pytest.MonkeyPatch.context() as patch:
        for name, value in simulators.environment.items():
            patch.setenv(name, value)
        server.start()
        try:
            prepare(settings)
            environment = {
                **os.environ,
                "EJENDOMSTAL_HOME": str(settings.home),
                "EJENDOMSTAL_CONFIG": str(settings.config),
            }
            yield Chain(settings, target, truth, run(settings), environment)
        finally:
            server.stop(immediate=True)


def plant_person(target: Path) -> None:
    """Put a person number into the text of every posting that is called an invoice."""
    for code in ("0991", "0993"):
        for path in (target / "sources" / code / "ledger").glob("*.csv"):
            path.write_bytes(path.read_bytes().replace(b";Faktura;", f";Refusion {PERSON};".encode()))
