"""Dalux FM and openMAINT from their services to staging; each expected value was worked out by hand."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.pull import pull
from demo.simulators import dalux, openmaint
from demo.simulators.service import Service
from tests.connectors.drops import configure
from tests.connectors.fm_samples import KEY, USER_FIELDS, installation, tenant
from tests.staging.staged import Rows, stage
from warehouse.settings import Settings, get_settings

BUILT: dict[str, Rows] = {}


@pytest.fixture
def staged(
    clean_warehouse: Settings, config_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Rows]:
    """Pulled and built once for this file."""
    if not BUILT:
        made = tenant()
        made.lists["tickets"].append({"ticketId": "3", "createdDate": "2026-02-30T10:00:00Z", "status": "?"})
        configure(config_folder, "0992", fm_dalux={"connection": "dalux_0992", "user_fields": USER_FIELDS})
        own = {"complexes.property_no": "Ejendomsnr", "room_type": "RoomUse"}
        configure(config_folder, "0993", fm_openmaint={"connection": "openmaint_0993", "user_fields": own})
        with (
            Service(dalux.DaluxTenant.of(made)) as one,
            Service(openmaint.OpenMaint(installation())) as other,
        ):
            stored = {"host": one.address + dalux.BASE, "password": KEY}
            monkeypatch.setenv("AIRFLOW_CONN_DALUX_0992", json.dumps(stored))
            stored = {"host": other.address + openmaint.BASE, "login": "reader", "password": "openmaint-key"}
            monkeypatch.setenv("AIRFLOW_CONN_OPENMAINT_0993", json.dumps(stored))
            pull("fm_dalux", "0992", get_settings())
            pull("fm_openmaint", "0993", get_settings())
        BUILT.update(stage(clean_warehouse, tmp_path, "fm_dalux", "fm_openmaint"))
    return BUILT


def row(staged: dict[str, Rows], table: str, **where: Any) -> dict[str, Any]:
    (found,) = [one for one in staged[table] if all(one[name] == value for name, value in where.items())]
    return found


def values(found: dict[str, Any], names: str) -> tuple[Any, ...]:
    return tuple(found[name] for name in names.split())


def test_an_area_of_zero_is_unknown_and_owned_false_is_no_tenure(staged: dict[str, Rows]) -> None:
    building = row(staged, "stg_fm_dalux__buildings", dalux_building_id="901")
    names = "estate_id fm_use tenure gross_area_m2 net_area_m2 operating_area_m2 is_outdoor"
    assert values(building, names) == ("1", "Skole", "owned", Decimal("1200.5"), None, 1150, False)
    other = row(staged, "stg_fm_dalux__buildings", dalux_building_id="902")
    assert values(other, "tenure gross_area_m2 net_area_m2") == (None, 300, 250)


def test_an_outdoor_area_entered_as_a_building_stays_and_is_marked(staged: dict[str, Rows]) -> None:
    ground = row(staged, "stg_fm_dalux__buildings", dalux_building_id="903")
    assert values(ground, "name gross_area_m2 is_outdoor") == ("00 Udeareal: Skolen", None, True)


def test_rooms_carry_use_area_and_cleaning_from_user_defined_fields(staged: dict[str, Rows]) -> None:
    room = row(staged, "stg_fm_dalux__rooms", room_id="134")
    names = "floor_id fm_use cleaning_frequency gross_area_m2 net_area_m2 last_change_date"
    assert values(room, names) == ("51", "Klasselokale", "512", Decimal("31.2"), None, date(2026, 6, 2))


def test_a_work_order_without_company_and_cost_has_none(staged: dict[str, Rows]) -> None:
    order = row(staged, "stg_fm_dalux__workorders", work_order_id="3")
    names = "company_id building_ids expected_cost_dkk created_date closed_date is_economy_closed cost_centre"
    assert values(order, names) == (None, None, None, date(2026, 6, 1), date(2026, 6, 3), True, None)
    other = row(staged, "stg_fm_dalux__workorders", work_order_id="13")
    names = "company_id building_ids expected_cost_dkk is_statutory hours_registered_h duration_days cost_centre ean_no"
    assert values(other, names) == (
        "7", "901;902", Decimal("12500.75"), True, Decimal("2.5"), 17, "4711", "5798000000000",
    )  # fmt: skip


def test_a_date_that_does_not_exist_is_no_value_and_stops_no_build(staged: dict[str, Rows]) -> None:
    ticket = row(staged, "stg_fm_dalux__tickets", ticket_id="3")
    assert values(ticket, "created_date status_code building_ids") == (None, "?", None)


def test_an_asset_has_all_its_buildings_its_class_and_its_condition(staged: dict[str, Rows]) -> None:
    asset = row(staged, "stg_fm_dalux__assets", asset_id="4")
    names = "building_ids classification_code disciplines condition_code installation_date renewal_cost_dkk"
    assert values(asset, names) == ("901;902", "D", "Tømrer;Murer", "TG2", date(1998, 8, 1), None)


def test_lookups_companies_and_invoices_are_typed(staged: dict[str, Rows]) -> None:
    team = row(staged, "stg_fm_dalux__workorder_teams", workorder_team_id="1")
    assert values(team, "name group_name") == ("Drift", "Teknik")
    assert row(staged, "stg_fm_dalux__workorder_statuses", workorder_status_id="2")["name"] == "Lukket"
    assert values(row(staged, "stg_fm_dalux__companies", company_id="7"), "cvr_number is_active") == ("12345678", True)
    invoice = row(staged, "stg_fm_dalux__invoices", invoice_id="1")
    assert values(invoice, "work_order_id amount_dkk invoice_date") == ("13", Decimal("900.5"), date(2026, 6, 20))


def test_openmaint_has_properties_rooms_requests_meters_budgets_and_contracts(staged: dict[str, Rows]) -> None:
    place = row(staged, "stg_fm_openmaint__complexes", complex_id="1")
    assert values(place, "property_no main_use_name condition_code gross_area_m2") == ("4001", "Skole", "good", None)
    building = row(staged, "stg_fm_openmaint__buildings", openmaint_building_id="10")
    assert values(building, "complex_id floor_count room_count") == ("1", 2, 3)
    room = row(staged, "stg_fm_openmaint__rooms", room_id="31")
    assert values(room, "floor_id room_type gross_area_m2 cleaned_m2") == ("20", "class", Decimal("20.5"), 19)
    request = row(staged, "stg_fm_openmaint__maintenance_requests", request_id="80")
    assert values(request, "openmaint_building_id priority_code opened_date") == ("10", "high", date(2026, 6, 1))
    reading = row(staged, "stg_fm_openmaint__meter_readings", reading_id="51")
    assert values(reading, "meter_id meter_value read_date") == ("40", Decimal("101.5"), date(2026, 2, 1))
    budget = row(staged, "stg_fm_openmaint__budget_items", budget_item_id="60")
    assert values(budget, "type_code amount_dkk year") == ("Cleaning", 12000, 2026)
    contract = row(staged, "stg_fm_openmaint__contracts", contract_id="70")
    assert values(contract, "amount_dkk valid_from_date valid_to_date") == (60000, date(2020, 1, 1), date(9999, 12, 31))
