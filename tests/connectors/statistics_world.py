"""A small StatBank of hand-made tables, as the simulator reads them; invented figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from connectors.pull import PullResult, pull
from demo.simulators.service import Asked, Reply, Service
from demo.simulators.statbank import BASE, StatBank
from warehouse.settings import get_settings

PERIODS = ("2021K1", "2022K1", "2022K2", "2023K1")
PEOPLE = {
    "000": dict.fromkeys(PERIODS, 5_900_000),
    "411": dict.fromkeys(PERIODS, 90),
    "910": dict.fromkeys(PERIODS, 1_200_000),
    "992": dict(zip(PERIODS, (1000, 1010, 1015, 1020), strict=True)),
}
YEARS = ("2019", "2020", "2021", "2022", "2023", "2024")
GROUPS = ("910", "920", "930", "940", "960")


def texts(*codes: str) -> dict[str, str]:
    """Codes that are called by themselves."""
    return {code: f"tekst {code}" for code in codes}


def accounts(table_id: str, geography: str, cells: dict[str, str]) -> dict[str, Any]:
    """A table of accounts by function."""
    values = {
        geography: texts("000", "01", "084", *GROUPS, "992"),
        "FUNKTION": texts("32201", "64550", "03231", "3235"),
        "DRANST": texts("1", "3"),
        "ART": texts("TOT", "UE", "S2", "23"),
        "PRISENHED": texts("LOBM", "INDL"),
        "Tid": texts(*YEARS),
    }
    return {"id": table_id, "values": values, "cells": cells}


REGK31_CELLS = {f"992,32201,1,TOT,LOBM,{year}": f"{year[-2:]}00" for year in YEARS} | {
    "992,32201,1,TOT,INDL,2024": "2353",
    "992,32201,1,UE,LOBM,2024": "2450",
    "992,32201,1,23,LOBM,2024": "120",
    "992,03231,1,TOT,LOBM,2024": "-20",
    "992,64550,1,TOT,LOBM,2024": "..",
    "992,64550,3,TOT,LOBM,2024": "-",
    "992,64550,3,UE,LOBM,2024": "",
    "992,64550,3,23,LOBM,2024": "0",
    "000,32201,1,TOT,LOBM,2024": "900000",
    "910,32201,1,TOT,LOBM,2024": "200000",
    "084,32201,1,TOT,LOBM,2024": "300000",
}
BUDK32_CELLS = {
    "992,32201,1,TOT,LOBM,2024": "2500",
    "992,3235,1,TOT,LOBM,2024": "7",
    "910,32201,1,TOT,LOBM,2024": "210000",
}
TABLES: list[dict[str, Any]] = [
    accounts("REGK31", "OMRÅDE", REGK31_CELLS),
    accounts("BUDK32", "REGI07A", BUDK32_CELLS),
    {
        "id": "REGK100",
        "values": {
            "OMRÅDE": texts("000", *GROUPS, "992"), "FUNKTION": texts("32201"), "DRANST": texts("1"),
            "EJER": texts("0", "1", "2"), "GRUPPERING": texts("001", "999"), "ART": texts("TOT", "23"),
            "PRISENHED": texts("LOBM"), "Tid": texts("2023", "2024"),
        },
        "cells": {"992,32201,1,1,999,TOT,LOBM,2024": "77", "992,32201,1,1,999,TOT,LOBM,2023": "70"},
    },
    {
        "id": "NGLK",
        "values": {
            "OMRÅDE": texts("000", "01", "084", "910", "992"), "BNØGLE": texts("FOL", "DRI"),
            "BRUTNETUDG": texts("NET", "BRUT"), "PRISENHED": texts("AARPRIS", "08PRIS"), "Tid": texts("2023", "2024"),
        },
        "cells": {
            "992,FOL,NET,AARPRIS,2024": "81234,5", "992,DRI,NET,AARPRIS,2024": "..",
            "992,FOL,NET,08PRIS,2024": "60000", "910,FOL,NET,AARPRIS,2024": "79000",
            "01,FOL,NET,AARPRIS,2024": "78000", "084,FOL,NET,AARPRIS,2024": "77000",
            "000,FOL,NET,AARPRIS,2024": "80000",
        },
    },
    {
        "id": "PRIS113",
        "subject": "Priser",
        "values": {"TYPE": texts("INDEKS"), "Tid": texts("2024M08", "2024M09")},
        "cells": {"INDEKS,2024M08": "118,9", "INDEKS,2024M09": "118,7"},
    },
    {
        "id": "BYG43",
        "values": {
            "HINDEKS": texts("1"), "DINDEKS": texts("10000"), "ART": texts("1002"), "TAL": texts("100", "310"),
            "Tid": texts("2024K1", "2024K2"),
        },
        "cells": {"1,10000,1002,100,2024K1": "120,6", "1,10000,1002,100,2024K2": ".."},
    },
]  # fmt: skip


class World:
    """A StatBank that can be changed between pulls, and what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tables = {table["id"]: deepcopy(table) for table in TABLES}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def write(self) -> None:
        """Let the changes count."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "folk1a.json").write_text(json.dumps(PEOPLE))
        (self.folder / "tables.json").write_text(json.dumps([*self.tables.values()]))
        self._answer = StatBank(self.folder, throttle_every=0)
        self.asked.clear()

    def __call__(self, asked: Asked) -> Reply:
        self.asked.append((asked.path.removeprefix(f"{BASE}/"), json.loads(asked.body)))
        return self._answer(asked)

    def calls(self, function: str) -> list[dict[str, Any]]:
        """Bodies of the calls of one function."""
        return [body for name, body in self.asked if name == function]

    def periods(self) -> list[list[str]]:
        """Periods of each data call."""
        return [body["variables"][-1]["values"] for body in self.calls("data")]


@contextmanager
def serve_world(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The StatBank of this module on a port, with connection `statbank` leading to it."""
    world = World(folder)
    world.write()
    with Service(world) as service:
        connection = {"host": service.address + BASE, "extra": {"attempts": 1}}
        monkeypatch.setenv("AIRFLOW_CONN_STATBANK", json.dumps(connection))
        yield world


def pull_statbank(code: str = "0992") -> dict[str, list[PullResult]]:
    """Results per stream."""
    results: dict[str, list[PullResult]] = {}
    for result in pull("statbank", code, get_settings()):
        results.setdefault(result.stream, []).append(result)
    return results
