"""A fault at any request of a pull, by any way, changes nothing of what is there after one more pull."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from connectors.base import registered
from tests.connectors.fault_server import FAULTS, Misbehaving, misbehaving
from tests.connectors.fault_subjects import SUBJECTS, TODAY
from tests.connectors.faults import Subject, Undisturbed, disturbed, undisturbed
from warehouse.database import connect
from warehouse.settings import Settings

WANTED: dict[str, Undisturbed] = {}


def name_of(subject: Subject) -> str:
    return f"{subject.source}.{subject.way}"


@pytest.fixture(scope="module")
def server() -> Iterator[Misbehaving]:
    with misbehaving() as running:
        yield running


@pytest.fixture(scope="module")
def connection(warehouse: Settings) -> Iterator[psycopg.Connection]:
    with connect("owner", settings=warehouse, autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner(request: pytest.FixtureRequest, connection: psycopg.Connection) -> psycopg.Connection:
    """The warehouse is emptied before the first test here; each pull leaves it empty."""
    if not WANTED:
        request.getfixturevalue("clean_warehouse")
    return connection


def test_every_way_into_every_source_by_api_is_disturbed() -> None:
    ways = {f"{source.name}.{way.name}" for source in registered().values() for way in source.ways}
    assert {name_of(subject) for subject in SUBJECTS} == ways


@pytest.mark.parametrize("subject", SUBJECTS, ids=name_of)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_each_request_of_a_pull_is_made_good_by_one_more_pull(
    fault: str,
    subject: Subject,
    server: Misbehaving,
    owner: psycopg.Connection,
    config_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c synchronous_commit=off")  # the database itself is not what fails here
    monkeypatch.setattr("connectors.eloverblik.readings.danish_today", lambda: TODAY)
    if name_of(subject) not in WANTED:
        WANTED[name_of(subject)] = undisturbed(subject, server, owner)
    wanted = WANTED[name_of(subject)]
    assert {stream for stream, *_ in wanted.rows} == set(subject.streams), "a stream without rows shows nothing"
    places = wanted.places(fault)
    assert bool(places) == (subject.has_pages or fault != "duplicate page")
    for at in places:
        between, after = disturbed(subject, server, fault, at, owner)
        assert all(wanted.rows.get(delivery) == rows for delivery, rows in between.items()), (
            f"half landed, request {at}"
        )
        assert after == wanted.rows, f"request {at}"
