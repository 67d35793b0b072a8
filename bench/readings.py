"""A year of hourly readings from prepared answers on this machine to raw tables: parsing, spooling, checking, COPY."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import yaml

from bench.figure import Figure
from bench.landing import open_warehouse
from connectors.base import Source, registered
from connectors.eloverblik import readings
from connectors.pull import pull
from demo.simulators.service import Asked, Reply, Service, as_json
from warehouse.database import connect
from warehouse.settings import Settings

# A month of 600 meters has as many readings (446,000) as a year of 50, in one delivery instead of twelve small ones.
METERS, FULL_METERS = 600, 2_000
YEAR = 2025
TODAY, FULL_TODAY = date(YEAR, 2, 1), date(YEAR + 1, 1, 1)
# 150,000 readings a second.
LIMIT = 6.67
ROUNDS, FULL_ROUNDS = 3, 1
DENMARK = ZoneInfo("Europe/Copenhagen")
BASE = "/customerapi/api"
ID = "571313100000000000"


def measure(full: bool) -> Iterator[Figure]:
    """Yield the seconds that a million readings take, end to end: the best of the rounds."""
    meters, today = (FULL_METERS, FULL_TODAY) if full else (METERS, TODAY)
    hours = (today - date(YEAR, 1, 1)).days * 24
    seconds = []
    with open_warehouse() as settings, Service(_Answers(meters)) as service:
        stored = {"host": service.address + BASE, "password": "bench"}
        os.environ["AIRFLOW_CONN_ELOVERBLIK"] = json.dumps(stored)
        _configure(settings)
        _lift_limits()
        readings.danish_today = lambda: today  # the same months every time
        for _ in range(FULL_ROUNDS if full else ROUNDS):
            _forget(settings)
            seconds.append(_pull_once(meters * hours, settings))
    yield Figure("readings", min(seconds), "seconds per million readings", LIMIT)


def _pull_once(expected: int, settings: Settings) -> float:
    start = time.perf_counter()
    results = pull("eloverblik", "0991", settings)
    elapsed = time.perf_counter() - start
    rows = sum(result.row_count for result in results if result.stream == "readings")
    if rows != expected:
        raise RuntimeError(f"{rows} readings landed, expected {expected}")
    return elapsed / rows * 1e6


def _configure(settings: Settings) -> None:
    folder = settings.municipalities / "0991"
    folder.mkdir(parents=True, exist_ok=True)
    section = {"connection": "eloverblik", "first_year": YEAR, "aggregation": "Hour"}
    content = {"municipality_code": "0991", "name": "Eksempelby (fiktiv)", "eloverblik": section}
    (folder / "sources.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _lift_limits() -> None:
    """The service allows two calls a second; here it is the client that is measured."""
    known = cast(dict[str, Source], registered())
    source = known["eloverblik"]
    known[source.name] = replace(source, ways=tuple(replace(way, limits=()) for way in source.ways))


def _forget(settings: Settings) -> None:
    with connect("owner", autocommit=True) as connection:
        connection.execute("truncate raw_eloverblik.readings, raw_eloverblik.metering_points, ops.deliveries cascade")
        connection.execute("checkpoint")
    shutil.rmtree(settings.home / "deliveries", ignore_errors=True)
    shutil.rmtree(Path(settings.home) / "pulls", ignore_errors=True)


class _Answers:
    """Prepared answers: ids are put into a document that was written once per month."""

    def __init__(self, meters: int) -> None:
        self._ids = [str(int(ID) + number) for number in range(meters)]

    def __call__(self, asked: Asked) -> Reply:
        path = asked.path.removeprefix(f"{BASE}/")
        if path == "token":
            return as_json(200, {"result": "bench"})
        if path == "meteringpoints/meteringpoints":
            return as_json(200, {"result": [{"meteringPointId": one, "hasRelation": True} for one in self._ids]})
        ids = json.loads(asked.body)["meteringPoints"]["meteringPoint"]
        if path.endswith("getdetails"):
            details = [{"success": True, "errorCode": 10000, "result": {"meteringPointId": one}} for one in ids]
            return as_json(200, {"result": details})
        begin, end = path.split("/")[2:4]
        document = _document(begin, end)
        return Reply(
            200, b'{"result":[' + b",".join(document.replace(ID.encode(), one.encode()) for one in ids) + b"]}"
        )


@lru_cache
def _document(begin: str, end: str) -> bytes:
    first, last = date.fromisoformat(begin), date.fromisoformat(end)
    days = [first + timedelta(days=number) for number in range((last - first).days)]
    series = {
        "mRID": ID,
        "businessType": "A04",
        "curveType": "A01",
        "measurement_Unit.name": "KWH",
        "MarketEvaluationPoint": {"mRID": {"codingScheme": "A10", "name": ID}},
        "Period": [_period(day) for day in days],
    }
    result = {
        "MyEnergyData_MarketDocument": {"mRID": "0", "TimeSeries": [series]},
        "success": True,
        "errorCode": 10000,
        "errorText": "NoError",
        "id": ID,
        "stackTrace": None,
    }
    return json.dumps(result, separators=(",", ":")).encode()


def _period(day: date) -> dict[str, object]:
    start, end = (
        datetime(one.year, one.month, one.day, tzinfo=DENMARK).astimezone(UTC) for one in (day, day + timedelta(days=1))
    )
    hours = int((end - start).total_seconds()) // 3600
    return {
        "resolution": "PT1H",
        "timeInterval": {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{end:%Y-%m-%dT%H:%M:%SZ}"},
        "Point": [
            {
                "position": str(hour + 1),
                "out_Quantity.quantity": f"{(day.day * 37 + hour * 11) % 500 / 100:.2f}",
                "out_Quantity.quality": "A04",
            }
            for hour in range(hours)
        ],
    }
