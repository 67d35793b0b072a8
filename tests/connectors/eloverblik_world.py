"""A business with a few metering points, and a municipality that is configured to pull them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Stream, registered
from connectors.pull import PullResult, pull
from demo.simulators.eloverblik import CUSTOMER, Eloverblik
from demo.simulators.eloverblik_series import Meter
from demo.simulators.service import Asked, Reply, Service
from tests.connectors.drops import configure
from warehouse.settings import get_settings

TODAY = date(2026, 3, 10)
SCHOOL, HALL, SOLAR = "571313100000000011", "571313100000000028", "571313100000000035"
ADDRESS = {"streetName": "Prøvevej", "buildingNumber": "4", "postcode": "9999", "cityName": "Prøvekøbing",
           "municipalityCode": "992", "floorId": "2", "roomId": "tv", "typeOfMP": "E17",
           "locationDescription": "c/o Opdigtet Person"}  # fmt: skip
METERS = (
    Meter(SCHOOL, "1", details=ADDRESS),
    Meter(HALL, "2", produced_kwh="0.5", details={"settlementMethod": "E01", "typeOfMP": "E17"}),
    Meter(SOLAR, "0.25", parent=HALL, details={"typeOfMP": "E18"}),
)


class Noted:
    """A simulator that notes what it was asked; `fail_at` answers 500 to one gettimeseries call, counted from 1."""

    def __init__(self, inner: Eloverblik) -> None:
        self.inner, self.asked, self.fail_at = inner, list[Asked](), 0

    def __call__(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if "gettimeseries" in asked.path and len(self.questions) == self.fail_at:
            self.fail_at = 0
            return Reply(500, b"")
        return self.inner(asked)

    @property
    def questions(self) -> list[tuple[str, list[str]]]:
        """Period and metering points of each gettimeseries call."""
        return [
            (asked.path.split("gettimeseries/")[1], json.loads(asked.body)["meteringPoints"]["meteringPoint"])
            for asked in self.asked
            if "gettimeseries" in asked.path
        ]


@contextmanager
def serving(inner: Eloverblik, monkeypatch: pytest.MonkeyPatch, base: str = CUSTOMER, **extra: Any) -> Iterator[Noted]:
    """The service running, its connection set, and its day taken for today."""
    noted = Noted(inner)
    monkeypatch.setattr("connectors.eloverblik.readings.danish_today", lambda: inner.today)
    with Service(noted) as service:
        quick = {"attempts": 3, "backoff": 0.01, "busy_pause": 0.1, **extra}
        stored = {"host": service.address + base, "password": inner.refresh_token, "extra": quick}
        monkeypatch.setenv("AIRFLOW_CONN_ELOVERBLIK", json.dumps(stored))
        yield noted


def run(config: Path, code: str = "0992", **section: Any) -> list[PullResult]:
    """Pull the source for a municipality."""
    configure(config, code, eloverblik={"connection": "eloverblik", **section})
    return pull("eloverblik", code, get_settings())


def months(results: list[PullResult]) -> dict[str, str]:
    """What became of each month."""
    return {
        one.file_name.removeprefix("readings_").removesuffix(".csv"): one.outcome
        for one in results
        if one.stream == "readings"
    }


def stream(name: str) -> Stream:
    """A declared stream."""
    return next(one for one in registered()["eloverblik"].streams if one.name == name)
