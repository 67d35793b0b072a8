"""Dalux FM by both of its APIs, against a service that speaks the protocol."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

import pytest

from connectors.base import registered
from connectors.errors import (
    AuthenticationError,
    ConfigError,
    PermissionDeniedError,
    SourceError,
)
from connectors.pull import pull
from demo.simulators.dalux import BASE, DaluxTenant
from tests.connectors.drops import select
from tests.connectors.fm_dalux_runs import RAW, Noted, many, run, serve, set_up
from tests.connectors.fm_samples import CANARIES, KEY, changed, tenant
from warehouse.settings import Settings, get_settings


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
        stored = json.loads(os.environ["AIRFLOW_CONN_DALUX_0992"]) | {"extra": {"attempts": 3}}
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
    with pytest.raises(ConfigError, match="no stream invoice; it has"):
        run(DaluxTenant.of(tenant()), config_folder, monkeypatch, without=["invoice"])
