"""A small generated world, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.generate import generate
from demo.truth import Truth

SCALE = 0.05


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """Folder and truth of the smallest world."""
    folder = tmp_path_factory.mktemp("world")
    return folder, generate(folder, scale=SCALE)


@pytest.fixture(scope="session")
def sources(world: tuple[Path, Truth]) -> Path:
    """The folder with the source systems' files."""
    return world[0] / "sources"


@pytest.fixture(scope="session")
def truth(world: tuple[Path, Truth]) -> Truth:
    """What is true of the small world."""
    return world[1]
