"""Pulls of a small Dalux tenant, for the tests of the connector."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.base import registered
from connectors.pull import PullResult, pull
from demo.simulators.dalux import BASE, Tenant
from demo.simulators.service import Answer, Asked, Reply, Service
from tests.connectors.drops import configure, select
from tests.connectors.fm_samples import KEY, USER_FIELDS, changed, tenant
from warehouse.settings import Settings, get_settings

RAW = "raw_fm_dalux"
NO_RETRY = {"attempts": 1, "backoff": 0.01, "longest_wait": 0}


class Noted:
    """An answer that notes what it was asked, and may be told to fail."""

    def __init__(self, answer: Answer, fail_at: int | None = None) -> None:
        self.answer, self.fail_at = answer, fail_at
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if self.fail_at == len(self.asked):
            return Reply(500, b"")
        return self.answer(asked)


@contextmanager
def serve(answer: Answer, monkeypatch: pytest.MonkeyPatch, base: str = BASE, key: str = KEY) -> Iterator[None]:
    with Service(answer) as service:
        stored = {"host": service.address + base, "password": key, "extra": NO_RETRY}
        monkeypatch.setenv("AIRFLOW_CONN_DALUX_0992", json.dumps(stored))
        yield


def set_up(config: Path, only: str = "", **section: Any) -> None:
    """Configure; with `only` all other lists are left out."""
    if only:
        section["without"] = sorted(s.name for s in registered()["fm_dalux"].streams if s.name not in only.split())
    configure(config, fm_dalux={"connection": "dalux_0992", "user_fields": USER_FIELDS, **section})


def run(answer: Answer, config: Path, patch: pytest.MonkeyPatch, only: str = "", **section: Any) -> list[PullResult]:
    set_up(config, only, **section)
    with serve(answer, patch, f"{BASE}/v1" if section.get("way") == "rest_v1" else BASE):
        return pull("fm_dalux", "0992", get_settings())


def many(count: int) -> Tenant:
    """A tenant of that many tickets, the newest first."""
    made = tenant()
    made.lists = {**made.lists, "tickets": [{"ticketId": str(n), "createdDate": changed(1)} for n in range(count)]}
    return made


def tickets(settings: Settings) -> set[str]:
    rows = select(
        settings,
        f"select ticket_id from {RAW}.tickets join ops.current_deliveries using (delivery_id)",
    )
    return {ticket for (ticket,) in rows}
