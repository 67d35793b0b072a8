"""DAGs run through Airflow itself, on a small generated world and a real warehouse."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from demo.generate import generate
from tests.connectors.scripted import Answer, Asked, serve
from tests.dags.conftest import Facts
from warehouse.database import connect

KEY = "the-key-of-the-hook"


@dataclass
class Observed:
    """A run with a receiver for each thing that tells about it."""

    run: Facts
    posts: list[Asked]
    metrics: list[str]


@pytest.fixture
def observed(run_dag: Callable[[str, Path], Facts], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Observed:
    """The energy sources of three municipalities, one of them configured wrongly."""
    generate(tmp_path, scale=0.05)
    break_energy_of(tmp_path / "config" / "municipalities" / "0992" / "sources.yml")
    (tmp_path / "config" / "alerts.yml").write_text("webhook: {connection: alerts}\n")
    with serve(lambda *_: Answer(201)) as server, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as statsd:
        statsd.bind(("127.0.0.1", 0))
        hook = {"conn_type": "http", "host": f"{server.url}/alerts", "password": KEY}
        monkeypatch.delenv("AIRFLOW_CONN_EMODATA", raising=False)
        monkeypatch.setenv("AIRFLOW_CONN_ALERTS", json.dumps(hook))
        monkeypatch.setenv("AIRFLOW__OPENLINEAGE__TRANSPORT", json.dumps({"type": "http", "url": server.url}))
        for name, value in (("ON", "True"), ("HOST", "127.0.0.1"), ("PORT", str(statsd.getsockname()[1]))):
            monkeypatch.setenv(f"AIRFLOW__METRICS__STATSD_{name}", value)
        run = run_dag("ingest_energy", tmp_path / "config")
        return Observed(run, server.asked, list(received(statsd)))


def received(statsd: socket.socket) -> Iterator[str]:
    statsd.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            yield statsd.recv(4096).decode()


def test_one_municipality_that_cannot_be_pulled_holds_back_neither_the_others_nor_the_asset(
    observed: Observed,
) -> None:
    run = observed.run

    states = {name: state for name, (state, _) in run["tasks"].items()}
    assert sorted(state for name, state in states.items() if name.startswith("pull_energy[")) == [
        "failed",
        "success",
        "success",
    ]
    assert states["landed[-1]"] == "success"
    assert states["every_pull_succeeded[-1]"] == run["state"] == "failed"
    # A wrong configuration stays wrong: it is not tried again, although every pull may be tried four times.
    assert {tries for _, tries in run["tasks"].values()} <= {0, 1}
    assert run["events"] == ["x-ejendomstal://raw/energy"]
    with connect("ejd_loader") as connection:
        landed = connection.execute(
            "select municipality_code, count(distinct stream) from ops.current_deliveries group by 1 order by 1"
        ).fetchall()
    # 0992: the readings, whose mapping is right; its energy labels need a connection that is not there
    assert landed == [("0991", 2), ("0992", 1), ("0993", 2)]
    states_are_told(observed)


def states_are_told(observed: Observed) -> None:
    """By alerts, by OpenLineage and by StatsD; in this test because a run takes long."""
    alerts = [one.body for one in observed.posts if one.path == "/alerts"]
    assert sorted(alert["subject"].split(" of run")[0] for alert in alerts) == [
        "ingest_energy.pull_emodata[0]", "ingest_energy.pull_energy[1]", "streams without a new delivery: 1",
    ]  # fmt: skip
    (wrong,) = (alert["text"] for alert in alerts if "pull_energy" in alert["subject"])
    assert "energy.meters, municipality 0992" in wrong, wrong
    assert "no_such_column" in wrong, wrong
    events = [one.body for one in observed.posts if one.path == "/api/v1/lineage"]
    ended = {(event["job"]["name"], event["eventType"]) for event in events if event["eventType"] != "START"}
    assert {event["job"]["namespace"] for event in events} == {"ejendomstal"}
    assert ended >= {
        ("ingest_energy.pull_energy", "COMPLETE"), ("ingest_energy.pull_energy", "FAIL"),
        ("ingest_energy.landed", "COMPLETE"), ("ingest_energy.every_pull_succeeded", "FAIL"),
    }  # fmt: skip
    assert KEY not in json.dumps(events)
    assert "sourceCode" not in json.dumps(events)
    counted = [
        metric for metric in observed.metrics if metric.startswith("airflow.ti.finish.ingest_energy.pull_energy")
    ]
    assert sorted(counted) == [
        "airflow.ti.finish.ingest_energy.pull_energy.failed:1|c",
        "airflow.ti.finish.ingest_energy.pull_energy.success:1|c",
        "airflow.ti.finish.ingest_energy.pull_energy.success:1|c",
    ]


def break_energy_of(sources: Path) -> None:
    """Lead a heading to a column that the raw table does not have."""
    content = yaml.safe_load(sources.read_text())
    columns = content["energy"]["streams"]["meters"]["columns"]
    columns[next(iter(columns))] = "no_such_column"
    sources.write_text(yaml.safe_dump(content, allow_unicode=True))
