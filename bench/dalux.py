"""Pulling a whole Dalux tenant from a local server: what it costs us beside waiting for the server.

The server is a process of its own and writes each page when it is asked for, as the real one does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import requests
import yaml
from requests.adapters import HTTPAdapter

from bench.figure import Figure
from bench.landing import open_warehouse
from connectors.pull import pull
from demo.simulators.dalux import BASE, LISTS
from demo.simulators.service import Asked, Reply, Service, as_json
from warehouse.database import connect
from warehouse.settings import Settings

FULL = {"estates": 460, "buildings": 1000, "floors": 2500, "rooms": 20_000, "assets": 30_000, "workorders": 20_000}
OWN_LIMIT, FULL_OWN_LIMIT, HISTORY_LIMIT = 8, 60, 1.3
EARLIER_PULLS = 5
PAGE = 100
OWN_FIELDS = {"property_no": "Ejendomsnr.", "use": "KL Anvendelse", "cleaning_frequency": "Frekvens",
              "cost_centre": "Omk.sted", "condition": "Tilstand"}  # fmt: skip


def measure(full: bool) -> Iterator[Figure]:
    """Yield our own seconds, the rows a pull without changes writes, and what history adds to the work."""
    limit = FULL_OWN_LIMIT if full else OWN_LIMIT
    with open_warehouse() as settings, _served(1 if full else 10) as address:
        _configure(settings, address)
        first, first_work = _pull(settings, address, 0)
        yield Figure("dalux_own_cost", first, "s beside waiting", limit)
        before = _rows()
        again, _ = _pull(settings, address, 0)
        yield Figure("dalux_unchanged_rows", _rows() - before, "rows written", 0)
        yield Figure("dalux_unchanged_cost", again, "s beside waiting", limit)
        for generation in range(1, EARLIER_PULLS + 1):
            _pull(settings, address, generation)
        _, later_work = _pull(settings, address, EARLIER_PULLS + 1)
        yield Figure("dalux_history", later_work / first_work, "x the work of the first pull", HISTORY_LIMIT)


def _configure(settings: Settings, address: str) -> None:
    folder = settings.municipalities / "0992"
    folder.mkdir(parents=True)
    section = {"connection": "dalux_bench", "user_fields": OWN_FIELDS}
    content = {"municipality_code": "0992", "name": "Prøvekøbing (fiktiv)", "fm_dalux": section}
    (folder / "sources.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    os.environ["AIRFLOW_CONN_DALUX_BENCH"] = json.dumps({"host": address + BASE, "password": "bench"})


def _pull(settings: Settings, address: str, generation: int) -> tuple[float, float]:
    """Seconds of one pull without those spent waiting for an answer to begin; processor seconds, the database's too."""
    requests.get(f"{address}/generation/{generation}", timeout=10).raise_for_status()
    with _waiting() as waited:
        start, work = time.perf_counter(), _work(settings)
        results = pull("fm_dalux", "0992", settings)
        own, work = time.perf_counter() - start - waited[0], _work(settings) - work
    if any(result.outcome == "rejected" for result in results):
        raise RuntimeError("a list was rejected")
    return own, work


def _work(settings: Settings) -> float:
    """Processor seconds so far: of this process, and of the database sessions that have ended."""
    pid = int((settings.home / "pg" / "postmaster.pid").read_text().splitlines()[0])
    sessions = psutil.Process(pid).cpu_times()
    return time.process_time() + sessions.children_user + sessions.children_system


@contextmanager
def _waiting() -> Iterator[list[float]]:
    """Sum up the time between a request and the head of its answer."""
    send, waited = HTTPAdapter.send, [0.0]

    def timed(self: HTTPAdapter, *arguments: Any, **more: Any) -> requests.Response:
        start = time.perf_counter()
        try:
            return send(self, *arguments, **more)
        finally:
            waited[0] += time.perf_counter() - start

    HTTPAdapter.send = timed  # type: ignore[method-assign] # put back below
    try:
        yield waited
    finally:
        HTTPAdapter.send = send  # type: ignore[method-assign] # as it was


def _rows() -> int:
    with connect("owner") as connection:
        counts = [connection.execute(f"select count(*) from raw_fm_dalux.{name}").fetchone() for name in FULL]
        deliveries = connection.execute("select count(*) from ops.deliveries").fetchone()
    return sum(row[0] for row in [*counts, deliveries] if row)


@contextmanager
def _served(share: int) -> Iterator[str]:
    """The tenant on a free port, in a process of its own."""
    command = [sys.executable, "-m", "bench.dalux", str(share)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.communicate()  # its standard input ends, and so does it


class LargeTenant:
    """Records made from their number; one in a hundred is another one in each generation."""

    def __init__(self, share: int) -> None:
        """`share`: one in so many of the full tenant."""
        self.counts = {name: count // share for name, count in FULL.items()}
        self.generation = 0

    def __call__(self, asked: Asked) -> Reply:
        """Answer one request."""
        if asked.path.startswith("/generation/"):
            self.generation = int(asked.path.rpartition("/")[2])
            return as_json(200, {})
        name = LISTS[asked.path.removeprefix(f"{BASE}/")]
        total, start = self.counts.get(name, 0), int(asked.query.get("bookmark", "b0")[1:])
        end = min(start + PAGE, total)
        items = [{"data": self.record(name, number), "links": []} for number in range(start, end)]
        about = {"totalItems": total, "nextBookmark": f"b{end}" if end < total else None}
        return as_json(200, {"items": items, "metadata": about})

    def record(self, name: str, number: int) -> dict[str, Any]:
        """About as many fields, and as many bytes, as real ones have."""
        version = self.generation if number % 100 == self.generation % 100 else 0
        buildings = self.counts["buildings"]
        fields = [{"name": own, "values": [{"text": f"{own} {number % 17}"}]} for own in OWN_FIELDS.values()]
        return {
            f"{name[:-1] if name != 'workorders' else 'workOrder'}Id": str(number),
            "name": f"Post {number} udgave {version}", "estateRef": {"estateId": str(number % 460)},
            "buildingRef": {"buildingId": str(number % buildings)}, "floorRef": {"floorId": str(number % 2500)},
            "address": {"road": "Prøvevej", "number": str(number % 99), "zipCode": "9920", "city": "Prøvekøbing"},
            "placement": {
                "buildingRefs": [{"buildingId": str(number % buildings)}], "roomRefs": [{"roomId": str(number)}],
            },
            "classification": {"data": {"classificationId": str(number % 50), "code": f"({number % 50})"}},
            "status": number % 5, "type": "Afhjælpende", "teamRef": {"teamId": "2"}, "grossArea": number % 900 + 0.5,
            "netArea": 0.0, "expectedCost": number % 9000 + 0.25 + version, "companyRef": {"companyId": "0"},
            "createdDate": "2026-01-02T08:00:00.123Z", "lastChangeDate": f"2026-0{version % 9 + 1}-02T08:00:00.123Z",
            "lastChangedBy": "Prøve Person (prove@example.invalid)", "description": "x" * 80,
            "userDefinedFields": {"items": fields},
        }  # fmt: skip


def serve(share: int) -> None:
    """Serve until standard input ends; the first line on stdout is the address."""
    with Service(LargeTenant(share)) as service:
        sys.stdout.write(service.address + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
