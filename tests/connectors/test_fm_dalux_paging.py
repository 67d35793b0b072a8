"""Pages of Dalux FM: how they end, what moves while they are read, how a pull goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.errors import (
    IncompleteResponseError,
    RepeatedPageError,
    ServerError,
)
from demo.simulators.dalux import DaluxTenant, Tenant
from demo.simulators.service import Asked, Reply, as_json
from tests.connectors.drops import select
from tests.connectors.fm_dalux_runs import RAW, Noted, many, run, tickets
from tests.connectors.fm_samples import tenant
from warehouse.settings import Settings


def test_a_bookmark_is_echoed_and_never_computed(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = Noted(DaluxTenant.of(many(250)))
    run(noted, config_folder, monkeypatch, "tickets")
    assert [one.query.get("bookmark") for one in noted.asked] == [None, "b64", "bc8"]
    assert len(tickets(clean_warehouse)) == 250


@pytest.mark.parametrize("end", [None, "", "0"])
def test_a_next_bookmark_of_null_nothing_or_0_ends_a_list(
    end: str | None, clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [{"data": {"ticketId": str(n)}} for n in range(100)]

    def answer(asked: Asked) -> Reply:
        assert "bookmark" not in asked.query
        return as_json(200, {"items": items, "metadata": {"totalItems": 100, "nextBookmark": end}})

    assert [one.row_count for one in run(answer, config_folder, monkeypatch, "tickets")] == [100]


def test_a_page_that_is_not_full_ends_a_list_whatever_bookmark_it_names(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = Noted(lambda _: as_json(200, {"items": [{"data": {"ticketId": "1"}}], "metadata": {"nextBookmark": "7"}}))
    assert [one.row_count for one in run(noted, config_folder, monkeypatch, "tickets")] == [1]
    assert len(noted.asked) == 1


def test_a_list_that_ends_before_its_declared_total_is_no_clean_pull(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = {"items": [{"data": {"ticketId": "1"}}], "metadata": {"totalItems": 5, "nextBookmark": None}}
    with pytest.raises(IncompleteResponseError, match="1 records came where 5 are declared"):
        run(lambda _: as_json(200, page), config_folder, monkeypatch, "tickets")


def test_a_service_that_serves_the_same_page_for_ever_is_stopped(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = {"items": [{"data": {"ticketId": str(n)}} for n in range(100)], "metadata": {"nextBookmark": "1"}}
    with pytest.raises(RepeatedPageError):
        run(lambda _: as_json(200, page), config_folder, monkeypatch, "tickets")


def test_an_id_that_comes_again_on_a_later_page_lands_once_and_the_newer_one_wins(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = many(150)
    made.lists["tickets"].insert(100, {"ticketId": "99", "number": "old"})
    made.lists["tickets"][99]["number"] = "new"
    run(DaluxTenant.of(made), config_folder, monkeypatch, "tickets")
    assert select(clean_warehouse, f"select count(*), max(number) from {RAW}.tickets") == [(150, "new")]
    assert "150 different records where 151 are declared" in str(
        select(clean_warehouse, "select warnings from ops.deliveries")
    )


class MovingTenant(DaluxTenant):
    """While the first page is being read, someone does something to the tickets."""

    def __init__(self, made: Tenant, happens: Any) -> None:
        self._open(made, 0)
        self.happens = happens

    def _answer(self, asked: Asked) -> Reply:
        reply = super()._answer(asked)
        if self.happens and asked.path.endswith("tickets"):
            self.happens(self._tenant.lists["tickets"])
            self.happens = None
        return reply


def test_a_record_that_changes_while_pages_are_read_moves_to_the_front_and_is_not_lost(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving = MovingTenant(many(150), lambda records: records.insert(0, {**records.pop(120), "number": "moved"}))
    run(moving, config_folder, monkeypatch, "tickets")
    assert tickets(clean_warehouse) == {str(n) for n in range(150)}
    assert select(clean_warehouse, f"select number from {RAW}.tickets where ticket_id = '120'") == [("moved",)]


def test_a_record_removed_while_pages_are_read_ends_the_pull_and_the_next_one_is_clean(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving = MovingTenant(many(250), lambda records: records.pop(5))
    with pytest.raises(IncompleteResponseError, match="removed while the pages were read"):
        run(moving, config_folder, monkeypatch, "tickets")
    run(moving, config_folder, monkeypatch, "tickets")
    assert tickets(clean_warehouse) == {str(n) for n in range(250) if n != 5}


def test_a_pull_that_dies_removes_nothing_and_the_next_one_goes_on_where_it_was(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(DaluxTenant.of(many(250)), config_folder, monkeypatch, "tickets")
    fewer = many(220)
    with pytest.raises(ServerError):
        run(Noted(DaluxTenant.of(fewer), fail_at=2), config_folder, monkeypatch, "tickets")
    assert len(tickets(clean_warehouse)) == 250
    noted = Noted(DaluxTenant.of(fewer))
    run(noted, config_folder, monkeypatch, "tickets")
    assert [one.query.get("bookmark") for one in noted.asked] == ["b64", "bc8"]
    assert tickets(clean_warehouse) == {str(n) for n in range(220)}


def test_a_place_the_service_no_longer_knows_starts_the_pull_anew(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ServerError):
        run(Noted(DaluxTenant.of(many(250)), fail_at=2), config_folder, monkeypatch, "tickets")
    tenant_ = DaluxTenant.of(many(250))

    def forgetful(asked: Asked) -> Reply:
        return Reply(400, b"{}") if asked.query.get("bookmark") == "b64" and not begun else begin(asked)

    begun: list[Asked] = []

    def begin(asked: Asked) -> Reply:
        begun.append(asked)
        return tenant_(asked)

    run(forgetful, config_folder, monkeypatch, "tickets")
    assert len(tickets(clean_warehouse)) == 250


def test_another_name_for_a_user_field_does_not_go_on_with_rows_read_by_the_old_one(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ServerError):
        run(Noted(DaluxTenant.of(many(250)), fail_at=2), config_folder, monkeypatch, "tickets")
    noted = Noted(DaluxTenant.of(many(250)))
    run(noted, config_folder, monkeypatch, "tickets", user_fields={"use": "Anvendelse"})
    assert noted.asked[0].query.get("bookmark") is None


def test_a_second_pull_of_the_same_records_in_another_order_writes_no_rows(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tenant()
    run(DaluxTenant.of(made), config_folder, monkeypatch)
    before = select(clean_warehouse, "select count(*), max(delivery_id) from ops.deliveries")
    for records in made.lists.values():
        records.reverse()
    assert {result.outcome for result in run(DaluxTenant.of(made), config_folder, monkeypatch)} == {"unchanged"}
    assert select(clean_warehouse, "select count(*), max(delivery_id) from ops.deliveries") == before


def test_a_list_nobody_uses_is_no_fault_but_one_that_was_filled_may_not_become_empty(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = many(3)
    records = made.lists["tickets"]
    made.lists = {**made.lists, "tickets": []}
    assert [one.outcome for one in run(DaluxTenant.of(made), config_folder, monkeypatch, "tickets")] == ["unchanged"]
    made.lists = {**made.lists, "tickets": records}
    run(DaluxTenant.of(made), config_folder, monkeypatch, "tickets")
    made.lists = {**made.lists, "tickets": []}
    assert [one.outcome for one in run(DaluxTenant.of(made), config_folder, monkeypatch, "tickets")] == ["rejected"]
    assert len(tickets(clean_warehouse)) == 3
