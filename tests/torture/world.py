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
    """Sources and configuration under `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config"
        self._sources = folder / "sources" / CODE
        self._kept = folder / "kept"

    def make(self) -> None:
        """Generate version 1 and put aside what version 2 has more."""
        generate(self.folder, scale=0.05)
        for code in LEFT_OUT:
            shutil.rmtree(self.config / "municipalities" / code)
        self._kept.mkdir()
        for name in LAST_MONTH:
            shutil.move(self._sources / "ledger" / name, self._kept / name)

    def renew(self) -> None:
        """Turn version 1 into version 2."""
        for name in LAST_MONTH:
            shutil.move(self._kept / name, self._sources / "ledger" / name)
        _correct(self._sources / "fm" / BUILDINGS)

    @contextmanager
    def served(self) -> Iterator[dict[str, str]]:
        """Run the simulators in a process of their own; gives the environment that leads to them."""
        process = subprocess.Popen(
            [sys.executable, "-m", "demo.simulators", str(self.folder)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
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
