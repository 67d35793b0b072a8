"""The smallest world that still goes through the whole chain, in two versions, and the services that serve it.

One municipality of the demo with fourteen properties: files, a register by API, statistics, and a topic that the gate
holds. Version 1 lacks a ledger's last month; version 2 brings it and corrects a building, so that the second edition
changes what the first one shows.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.generate import generate
from warehouse.settings import PROJECT

CODE = "0993"
LEFT_OUT = ("0991", "0992")
LAST_MONTH = ("OPUS_202512.csv", "OPUS_202512.kontrol.csv")
BUILDINGS = "stamdata_bygning.txt"
CLEANED = "Rengjort m2"


class World:
    """Sources and configuration of both versions under `folder`; what is served over HTTP is the same in both."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def config(self, version: int) -> Path:
        """Configuration folder of version 1 or 2."""
        return self._folder / str(version) / "config"

    def make(self) -> None:
        """Generate both."""
        first, second = self._folder / "1", self._folder / "2"
        generate(first, scale=0.05)
        for code in LEFT_OUT:
            shutil.rmtree(first / "config" / "municipalities" / code)
        shutil.copytree(first, second)
        for name in LAST_MONTH:
            (first / "sources" / CODE / "ledger" / name).unlink()
        _correct(second / "sources" / CODE / "fm" / BUILDINGS)

    @contextmanager
    def served(self) -> Iterator[dict[str, str]]:
        """Run the simulators in a process of their own; gives the environment that leads to them."""
        process = subprocess.Popen(
            [sys.executable, "-m", "demo.simulators", str(self._folder / "1")],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            environment: dict[str, str] = json.loads(process.stdout.readline())
            yield environment
        finally:
            process.terminate()
            process.wait()


def _correct(path: Path) -> None:
    """The first building with a cleaned area is cleaned on two square metres more."""
    lines = path.read_text(encoding="cp1252").split("\n")
    column = lines[0].rstrip("\r").split("\t").index(CLEANED)
    for number, line in enumerate(lines[1:], start=1):
        cells = line.rstrip("\r").split("\t")
        if len(cells) > column and cells[column].isdigit():
            cells[column] = str(int(cells[column]) + 2)
            lines[number] = "\t".join(cells) + "\r" * line.endswith("\r")
            break
    else:
        raise ValueError(f"{path.name} has no cleaned area")
    path.write_text("\n".join(lines), encoding="cp1252", newline="")
