"""Pulls through a server that misbehaves once, and what is there after them.

with misbehaving() as server:
    wanted = undisturbed(subject, server, owner)
    for at in wanted.places("500"):
        between, after = disturbed(subject, server, "500", at, owner)
        assert after == wanted.rows
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from connectors.base import Stream, registered
from connectors.errors import SourceError
from connectors.pull import Wanted, pull
from demo.simulators.service import Answer
from tests.connectors.drops import configure
from tests.connectors.fault_server import Misbehaving
from warehouse.settings import get_settings

HASTY = {"attempts": 1, "backoff": 0.01, "longest_wait": 0}
SHORT = {"timeout": {"read_timeout": 0.25}}  # only where no answer comes: another may be slow on a busy machine
PATIENT = {"attempts": 3, "backoff": 0.01}
Owner = psycopg.Connection  # of the warehouse, committing each statement
Rows = dict[tuple[str, ...], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Subject:
    """A pull to be disturbed: its streams by one way, a fresh simulator each time (in a folder), where and for whom."""

    source: str
    way: str
    streams: tuple[str, ...]
    simulator: Callable[[Path], Answer]
    base: str
    connection: dict[str, Any] = field(default_factory=dict)
    section: dict[str, Any] = field(default_factory=dict)
    municipality_code: str = "0992"
    others: tuple[str, ...] = ()  # municipalities that a national pull lands for
    has_pages: bool = True  # does a list or file come by more than one request to one address?

    @property
    def declared(self) -> list[Stream]:
        """Its streams as they are declared."""
        return [stream for stream in registered()[self.source].streams if stream.name in self.streams]


@dataclass(frozen=True)
class Undisturbed:
    """What should come out, and the list that each request was of."""

    rows: Rows
    lists: tuple[str, ...]

    def places(self, fault: str) -> list[int]:
        """Requests, from 1, at which a fault can strike: only a list that was asked before can repeat a page."""
        numbers = range(1, len(self.lists) + 1)
        if fault != "duplicate page":
            return list(numbers)
        return [number for number in numbers if self.lists[number - 1] in self.lists[: number - 1]]


def undisturbed(subject: Subject, server: Misbehaving, owner: Owner) -> Undisturbed:
    """Pull into an empty warehouse and leave it empty."""
    with _staged(subject, server, owner):
        _pull(subject, server.url, PATIENT)
        return Undisturbed(landed(subject, owner), tuple(server.lists))


def disturbed(subject: Subject, server: Misbehaving, fault: str, at: int, owner: Owner) -> tuple[Rows, Rows]:
    """What is there after a pull that was disturbed at its `at`-th request, and after one more pull."""
    with _staged(subject, server, owner, fault, at):
        if fault == "kill":
            _pull_to_be_killed(subject, server)
        else:
            with suppress(SourceError):
                _pull(subject, server.url, HASTY | SHORT.get(fault, {}))
        assert server.has_struck, f"there was no request {at}"
        server.at = 0
        between = landed(subject, owner)
        _pull(subject, server.url, PATIENT)
        return between, landed(subject, owner)


def landed(subject: Subject, owner: Owner) -> Rows:
    """The current rows by what lands together: stream, municipality and beginning of the window."""
    found: Rows = {}
    for stream in subject.declared:
        query = (
            f"select '{stream.name}', d.municipality_code, d.window_from, {', '.join(stream.raw_columns)} "
            f"from raw_{subject.source}.{stream.name} join ops.current_deliveries d using (delivery_id)"
        )
        for row in owner.execute(query):
            found.setdefault(tuple(map(str, row[:3])), []).append(row[3:])
    return {delivery: sorted(rows, key=repr) for delivery, rows in found.items()}


@contextmanager
def _staged(subject: Subject, server: Misbehaving, owner: Owner, fault: str = "", at: int = 0) -> Iterator[None]:
    """A new simulator and its configuration; afterwards nothing is left of what was pulled."""
    section = {"connection": "faulty", "way": subject.way, "only": list(subject.streams), **subject.section}
    config = get_settings().config
    for code in subject.others:
        configure(config, code)
    configure(config, subject.municipality_code, **{subject.source: section})
    try:
        with tempfile.TemporaryDirectory() as folder:
            server.start_anew(subject.simulator(Path(folder)), fault, at)
            yield
    finally:
        _forget(subject, owner)


def _forget(subject: Subject, owner: Owner) -> None:
    names = [f"raw_{subject.source}.{name}" for name in (*subject.streams, "rejected_rows")]
    owner.execute("; ".join(f"delete from {name}" for name in (*names, "ops.deliveries")))
    # The limits too: the service is another one next time, at the same address.
    for folder in (f"deliveries/{subject.source}", f"pulls/{subject.source}", "quarantine", "limits"):
        shutil.rmtree(get_settings().home / folder, ignore_errors=True)


def _pull(subject: Subject, url: str, extra: dict[str, Any]) -> None:
    extra = {**extra, **subject.connection.get("extra", {})}
    stored = {**subject.connection, "host": url + subject.base, "extra": extra}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_FAULTY", json.dumps(stored))
        wanted = Wanted(streams=frozenset(subject.streams))
        pull(subject.source, subject.municipality_code, get_settings(), wanted=wanted)


def _pull_to_be_killed(subject: Subject, server: Misbehaving) -> None:
    """In a process of its own, which the server kills before it answers."""
    child = multiprocessing.get_context("fork").Process(target=_pull, args=(subject, server.url, PATIENT))
    child.start()
    server.victim = child.pid or 0
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
