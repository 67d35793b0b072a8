"""A fault at any request of a pull changes nothing of what is there after one more pull."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.base import registered
from demo.simulators.dalux import BASE as DALUX
from demo.simulators.dalux import DaluxTenant
from demo.simulators.openmaint import BASE as OPENMAINT
from demo.simulators.openmaint import OpenMaint
from tests.connectors.faults import FAULTS, Subject, Undisturbed, disturbed, undisturbed
from tests.connectors.fm_samples import KEY, USER_FIELDS, card, installation, tenant
from warehouse.settings import Settings


def without(source: str, *kept: str) -> list[str]:
    return sorted(stream.name for stream in registered()[source].streams if stream.name not in kept)


def many_tickets() -> DaluxTenant:
    made = tenant()
    made.lists = {**made.lists, "tickets": [{"ticketId": str(n), "status": n % 3} for n in range(230)]}
    return DaluxTenant.of(made)


def many_readings() -> OpenMaint:
    made = installation()
    made.classes = {**made.classes, "MeterReading": [card(n, Meter=40, Value=n) for n in range(600)]}
    return OpenMaint(made)


SUBJECTS = {
    "dalux": Subject(
        "fm_dalux", "0992", many_tickets, DALUX, {"password": KEY},
        {"user_fields": USER_FIELDS, "without": without("fm_dalux", "buildings", "tickets")},
    ),
    "openmaint": Subject(
        "fm_openmaint", "0993", many_readings, OPENMAINT, {"login": "reader", "password": "openmaint-key"},
        {"without": without("fm_openmaint", "meter_readings")},
    ),
}  # fmt: skip


WANTED: dict[str, Undisturbed] = {}


def undisturbed_once(name: str, settings: Settings) -> Undisturbed:
    if name not in WANTED:
        WANTED[name] = undisturbed(SUBJECTS[name], settings)
    return WANTED[name]


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_each_request_of_a_pull_is_made_good_by_one_more_pull(
    fault: str, name: str, clean_warehouse: Settings, config_folder: Path
) -> None:
    subject = SUBJECTS[name]
    wanted = undisturbed_once(name, clean_warehouse)
    assert wanted.requests >= 4
    for at in range(1, wanted.requests + 1):
        between, after = disturbed(subject, fault, at, clean_warehouse)
        assert all(rows in ([], wanted.rows[stream]) for stream, rows in between.items()), f"half landed, request {at}"
        assert after == wanted.rows, f"request {at}"
