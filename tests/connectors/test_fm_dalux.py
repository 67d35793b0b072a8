"""Dalux FM by both of its APIs, against a service that speaks the protocol."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.base import registered
from connectors.errors import (
    AuthenticationError,
    ConfigError,
    IncompleteResponseError,
    PermissionDeniedError,
    RepeatedPageError,
    ServerError,
    SourceError,
)
from connectors.pull import PullResult, pull
from demo.simulators.dalux import BASE, DaluxTenant, Tenant
from demo.simulators.service import Answer, Asked, Reply, Service, as_json
from tests.connectors.drops import configure, select
from tests.connectors.fm_samples import CANARIES, KEY, USER_FIELDS, changed, tenant
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


def test_every_list_of_version_2_lands(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = run(DaluxTenant.of(tenant()), config_folder, monkeypatch)
    assert {result.stream: result.row_count for result in results if result.outcome == "landed"} == {
        name: len(records) for name, records in tenant().lists.items()
    }


def test_each_list_of_version_2_is_asked_by_its_own_version(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = Noted(DaluxTenant.of(tenant()))
    run(noted, config_folder, monkeypatch)
    asked = {one.path.removeprefix(f"{BASE}/") for one in noted.asked}
    assert {"2.0/estates", "2.1/lots", "2.2/workorders", "2.0/workorders/teams"} <= asked
    assert {one.query["limit"] for one in noted.asked} == {"100"}


def test_values_land_as_written_so_that_an_area_of_zero_stays_to_be_judged(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(DaluxTenant.of(tenant()), config_folder, monkeypatch, "buildings")
    columns = "building_id, estate_id, owned, gross_area, net_area, road, number, user_regions, use, built_year"
    assert select(clean_warehouse, f"select {columns} from {RAW}.buildings order by building_id") == [
        ("901", "1", "true", "1200.5", "0.0", "Prøvevej", "7 A", "Nord;Skoler", "Skole", None),
        ("902", "1", "false", "300.0", "250.0", None, None, None, None, None),
        ("903", "1", "false", "0.0", "0.0", None, None, None, None, None),
    ]


def test_a_field_recreated_with_another_prefix_is_read_first_and_the_old_one_where_it_is_empty(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(DaluxTenant.of(tenant()), config_folder, monkeypatch, "buildings")
    assert select(clean_warehouse, f"select building_id, bda_area from {RAW}.buildings order by 1") == [
        ("901", "1150"), ("902", "280"), ("903", None),
    ]  # fmt: skip


def test_a_user_field_may_have_another_name_for_one_stream(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(DaluxTenant.of(tenant()), config_folder, monkeypatch, "rooms")
    assert select(clean_warehouse, f"select room_id, use, cleaning_frequency from {RAW}.rooms order by 1") == [
        ("134", "Klasselokale", "512"), ("135", None, None),
    ]  # fmt: skip


def test_a_work_order_may_stand_in_several_buildings_and_its_company_0_is_none(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(DaluxTenant.of(tenant()), config_folder, monkeypatch, "workorders")
    columns = "work_order_id, building_ids, company_id, expected_cost, cost_centre, closed_date is null"
    assert select(clean_warehouse, f"select {columns} from {RAW}.workorders order by 1") == [
        ("13", "901;902", "7", "12500.75", "4711", True),
        ("3", None, "0", "0.0", None, False),
    ]


def test_version_1_lands_in_the_same_columns_though_it_spells_ids_otherwise(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = run(DaluxTenant.of(tenant()), config_folder, monkeypatch, way="rest_v1")
    landed = {result.stream for result in results if result.outcome == "landed"}
    assert landed == set(tenant().lists_v1)
    columns = "building_id, estate_id, owned, gross_area, net_area, road, bda_area, last_change_date"
    assert select(clean_warehouse, f"select {columns} from {RAW}.buildings") == [
        ("901", "1", "true", "1200.5", "0.0", "Prøvevej", "1100", changed(12))
    ]
    assert select(clean_warehouse, f"select floor_id, gross_area, net_area from {RAW}.rooms") == [("51", "31.2", "0.0")]
    assert select(
        clean_warehouse, f"select work_order_id, number, building_ids, account_no, company_id from {RAW}.workorders"
    ) == [("13", "1026", "901;902", "4711", "0")]
    assert select(clean_warehouse, f"select ticket_id, building_ids, topic_id from {RAW}.tickets") == [
        ("2", "901", "6")
    ]
    assert select(clean_warehouse, f"select classification_id, name from {RAW}.asset_classifications") == [("7", "Tag")]


@pytest.mark.parametrize("way", ["rest_v2", "rest_v1"])
def test_no_person_is_in_raw_tables_kept_bytes_spool_or_log(
    way: str,
    clean_warehouse: Settings,
    config_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    run(Noted(DaluxTenant.of(tenant()), 9_999), config_folder, monkeypatch, way=way)
    with pytest.raises(SourceError) as raised:  # and of a pull that is cut off, whose spool stays
        run(Noted(DaluxTenant.of(many(250)), 2), config_folder, monkeypatch, "tickets")
    assert list((clean_warehouse.home / "pulls").rglob("rows.csv"))
    found = [path.read_bytes() for path in clean_warehouse.home.glob("deliveries/**/*") if path.is_file()]
    found += [path.read_bytes() for path in clean_warehouse.home.glob("pulls/**/*") if path.is_file()]
    for stream in registered()["fm_dalux"].streams:
        found.append(repr(select(clean_warehouse, f"select * from {RAW}.{stream.name}")).encode())
    found += [
        caplog.text.encode(),
        str(raised.value).encode(),
        repr(select(clean_warehouse, "table ops.deliveries")).encode(),
    ]
    everything = b"\n".join(found).decode()
    assert [canary for canary in (*CANARIES, KEY) if canary in everything] == []


def test_a_company_number_lands_and_a_persons_number_in_its_place_does_not(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(DaluxTenant.of(tenant()), config_folder, monkeypatch, "companies")
    assert select(clean_warehouse, f"select company_id, organisation_no from {RAW}.companies order by 1") == [
        ("7", "12345678"), ("8", None),
    ]  # fmt: skip


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


def test_a_list_the_key_may_not_read_fails_alone_and_can_be_left_out(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tenant()
    made.forbidden = frozenset({"invoices"})
    with pytest.raises(PermissionDeniedError, match="E40301"):
        run(DaluxTenant.of(made), config_folder, monkeypatch)
    assert select(clean_warehouse, f"select count(*) from {RAW}.workorders") == [(2,)]
    run(DaluxTenant.of(made), config_folder, monkeypatch, without=["invoices"])


def test_an_expired_key_is_named_by_its_code(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tenant()
    made.expired_keys = frozenset({"old-key"})
    set_up(config_folder, "estates")
    with serve(DaluxTenant.of(made), monkeypatch, key="old-key"), pytest.raises(AuthenticationError, match="E40104"):
        pull("fm_dalux", "0992", get_settings())


def test_too_many_calls_are_waited_for_as_long_as_the_service_asks(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(config_folder, "tickets")
    noted = Noted(DaluxTenant.of(many(150), throttle_every=2))
    with serve(noted, monkeypatch):
        stored = json.loads(__import__("os").environ["AIRFLOW_CONN_DALUX_0992"]) | {"extra": {"attempts": 3}}
        monkeypatch.setenv("AIRFLOW_CONN_DALUX_0992", json.dumps(stored))
        assert [one.row_count for one in pull("fm_dalux", "0992", get_settings())] == [150]
    assert len(noted.asked) == 3


def test_calls_side_by_side_do_not_work_so_one_at_a_time_is_declared_for_both_ways() -> None:
    assert [[limit.at_once for limit in way.limits] for way in registered()["fm_dalux"].ways] == [[1], [1]]


def test_a_user_field_that_leads_nowhere_is_a_configuration_error(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="user_fields has no use for heated"):
        run(DaluxTenant.of(tenant()), config_folder, monkeypatch, user_fields={"heated": "Opvarmet areal"})


def test_a_list_to_be_without_that_does_not_exist_is_a_configuration_error(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="no stream invoice to be without"):
        run(DaluxTenant.of(tenant()), config_folder, monkeypatch, without=["invoice"])
