"""Energy: every meter once, in kWh and m3, where it stands; corrected, weighed by factors, or said to be missing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.dbt.conftest import Built, build_world
from tests.dbt.energy_world import CODE, CONFIGURATION, DELIVERIES
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def world(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_world(
        warehouse, tmp_path_factory.mktemp("energy"), CONFIGURATION, DELIVERIES,
        "+int_energy__consumed", "+fct_heat_correction", "+fct_measure_deliveries",
    )  # fmt: skip


# property, building, measure, year -> amount (None: missing), status
MEASURES: list[tuple[str | None, str | None, str, int, str | None, str]] = [
    ("P1", None, "Q_EL", 2024, "1200", ""),  # eloverblik, 12 x 100; the file's 12 x 777 is the same meter
    ("P1", "P1-1", "Q_VARME", 2024, "120000", ""),  # 12 x 10 MWh
    ("P1", None, "Q_VAND", 2024, "300", ""),
    ("P2", None, "Q_VARME", 2024, "11000", ""),  # 1000 Nm3 of gas at the declared 11 kWh
    ("P2", None, "Q_EL_EGEN", 2024, "1800", ""),  # 2400 made, 600 sold
    ("P3", "P3-1", "Q_VARME", 2024, "1100", ""),
    ("P3", None, "Q_VAND", 2024, "30", ""),  # a quarter of 120
    ("P4", None, "Q_VAND", 2024, "90", ""),
    ("P5", None, "Q_KOEL", 2024, "900", ""),
    ("P5", None, "Q_KOEL_EKV", 2024, "300", ""),
    ("P9", None, "Q_VARME", 2024, None, "x"),  # bar is no energy
    ("P6", None, "Q_VARME", 2024, "110500", ""),  # 60 + 10 + 30 MWh; 500 m3 x 10 and 500 m3 x 11 kWh
    ("P6", None, "Q_EL", 2024, "1500", ""),  # the year's reading covers more than its January
    ("P6", None, "Q_VAND", 2024, "60", "e"),
    ("P6", None, "Q_VAND", 2025, "31", "e"),
    ("P7", "P7-1", "Q_EL", 2024, "120", ""),  # by its address: DAR's house number, BBR's building
    ("P8", None, "Q_VARME", 2024, None, "x"),  # negative
    ("P8", None, "Q_EL", 2024, "360", ""),
    ("P8", None, "Q_EL_EGEN", 2024, "600", ""),  # E18 12 x 90 less D06 12 x 40
    ("P9", None, "Q_EL", 2024, "240", ""),  # D07 steps in for a parent without readings
    ("P9", None, "Q_EL_EGEN", 2024, None, "x"),  # sold, but nothing made
    ("P1", None, "Q_KOEL", 2024, "0", ""),  # no meter of it: none
    ("P4", None, "Q_EL_EGEN", 2024, "0", ""),
    (None, None, "Q_VAND", 2024, None, "x"),  # the counter turned over: 30 of 213 days, no link
]  # fmt: skip


@pytest.mark.parametrize(("property_no", "building", "measure_code", "year", "amount", "status"), MEASURES)
def test_a_place_has_what_its_meters_measured(
    world: Built, property_no: str | None, building: str | None, measure_code: str, year: int, amount: str | None,
    status: str,
) -> None:  # fmt: skip
    row = _measure(world, property_no, building, measure_code, year)
    assert row["amount"] == (None if amount is None else Decimal(amount))
    assert row["status_code"] == status


@pytest.mark.parametrize("measure_code", ["Q_EL", "Q_VARME", "Q_VARME_K", "Q_CO2E"])
def test_a_property_without_a_meter_has_no_row_for_it_uses_some(world: Built, measure_code: str) -> None:
    assert not world.rows("int_energy__consumed", property_id=f"{CODE}-P4", measure_code=measure_code)


NO_UNIT = "a unit that is no energy or volume and has no factor"
# meter, series -> quantity of 2024, days, status, why it does not count, why it has no quantity
METERS = [
    ("5702", "A04", "768", 32, "", None, None),  # 743 hours of March and 25 of the autumn day: 31 days and one
    ("5703", "A04", str(366 * 24 - 9 * 24), 357, "e", None, None),  # 9 days missing, one estimated
    ("5710", "A04", None, 346, "x", None, "readings are missing"),
    ("5704", "A04", "720", 366, "", "part of another metering point", None),
    ("5709", "A04", "130", 31, "", "another source or series of the meter counts", None),
    ("5709", "A04/year", "1500", 366, "", None, None),
    ("E1", "", "9324", 366, "", "another source or series of the meter counts", None),
    ("X1", "", None, 366, "x", "a carrier that no measure counts", NO_UNIT),
    ("LOST", "", "108", 366, "", "the meter is in no list of meters", None),
    ("M1", "4-1-1", "70000", 182, "", None, None),  # what failed in May is no zero and no gap
    ("GA", "6-2-1", "11011", 366, "", "another source or series of the meter counts", None),
    ("WC", "2-2-1", None, 214, "x", None, "readings are missing"),
    ("H1", "", "1100", 335, "", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("meter_id", "series", "quantity", "days", "status", "left_out", "missing"), METERS)
def test_a_meter_year_says_what_it_measured_and_whether_it_counts(
    world: Built, meter_id: str, series: str, quantity: str | None, days: int, status: str, left_out: str | None,
    missing: str | None,
) -> None:  # fmt: skip
    row = world.row("int_meter_years__summed", meter_id=meter_id, series=series, year=2024)
    assert row["quantity"] == (None if quantity is None else Decimal(quantity))
    assert (row["days"], row["status_code"]) == (days, status)
    assert (row["left_out_reason"], row["missing_reason"]) == (left_out, missing)


# property, building -> heat, g, GDy, GDn, corrected, days, status, why not
CORRECTED = [
    # 120000 x 0.19 + 120000 x 0.81 x 3175 / 2540
    ("P1", "P1-1", "120000", "0.19", "144300", 366, "", None),
    # 11000 x 0.36 + 11000 x 0.64 x 1.25
    ("P2", None, "11000", "0.36", "12760", 366, "", None),
    ("P3", "P3-1", "1100", "0.28", None, 335, "x", "fewer than 350 days of data"),
    ("P9", None, None, "0.19", None, 366, "x", "heat is missing"),
    # the replaced meter and its successor are one installation of 366 days: 110500 x (0.19 + 0.81 x 1.25)
    ("P6", None, "110500", "0.19", "132876.25", 366, "", None),
]


@pytest.mark.parametrize(
    ("property_no", "building", "heat", "share", "corrected", "days", "status", "reason"), CORRECTED
)
def test_heat_is_corrected_by_degree_days_of_one_method_or_says_why_not(
    world: Built, property_no: str, building: str | None, heat: str | None, share: str, corrected: str | None,
    days: int, status: str, reason: str | None,
) -> None:  # fmt: skip
    row = world.row("fct_heat_correction", property_id=f"{CODE}-{property_no}", building_id=_building(building))
    assert row["heat_kwh"] == (None if heat is None else Decimal(heat))
    assert row["guf_share"] == Decimal(share)
    assert (row["degree_days"], row["normal_degree_days"]) == (2540, 3175)
    assert (row["degree_day_source"], row["degree_day_vintage"], row["normal_vintage"]) == ("DMI", "2026", "2025")
    assert row["corrected_kwh"] == (None if corrected is None else Decimal(corrected))
    assert (row["days_with_data"], row["status_code"], row["missing_reason"]) == (days, status, reason)
    measure = _measure(world, property_no, building, "Q_VARME_K", 2024)
    assert (measure["amount"], measure["status_code"]) == (row["corrected_kwh"], status)


# use -> heat, corrected heat of the property that changed its use in the year
CHANGED = [
    ("school", "182", "218.855"),  # 182 x (0.19 + 0.81 x 1.25)
    ("daycare", "184", "217.12"),  # 184 x (0.28 + 0.72 x 1.25)
]


@pytest.mark.parametrize(("use_category", "heat", "corrected"), CHANGED)
def test_a_year_of_two_uses_is_shared_by_days_and_corrected_by_the_share_of_each(
    world: Built, use_category: str, heat: str, corrected: str
) -> None:
    row = world.row("fct_heat_correction", property_id=f"{CODE}-P10", use_category=use_category)
    assert (round(row["heat_kwh"], 6), round(row["corrected_kwh"], 6)) == (Decimal(heat), Decimal(corrected))


# property, building, measure -> amount
WEIGHED: list[tuple[str, str | None, str, str | None, str]] = [
    ("P1", None, "Q_CO2E", "96", ""),  # 1200 x 0.08: DK1 before the country, the newest issue, the declared method
    ("P1", "P1-1", "Q_CO2E", "6000", ""),  # 120000 x 0.05
    ("P2", None, "Q_CO2E", "2200", ""),  # gas; own electricity emits nothing
    ("P3", "P3-1", "Q_CO2E", "55", ""),  # heat of an unnamed carrier is taken for district heating
    ("P5", None, "Q_CO2E", None, "x"),  # cooling has a quantity and no factor
    ("P2", None, "Q_VE", "1800", ""),
    ("P1", None, "Q_VE", "0", ""),
    ("P5", None, "Q_VE", "0", ""),
    ("P9", None, "Q_VE", None, "x"),  # a part is missing
]


@pytest.mark.parametrize(("property_no", "building", "measure_code", "amount", "status"), WEIGHED)
def test_carriers_are_weighed_by_their_factors(
    world: Built, property_no: str, building: str | None, measure_code: str, amount: str | None, status: str
) -> None:
    row = _measure(world, property_no, building, measure_code, 2024)
    assert row["amount"] == (None if amount is None else Decimal(amount))
    assert row["status_code"] == status


# building -> heated area with data of 2024
COVERED = [
    ("P1-1", "900", ""),  # its heat meter and the property's electricity, both 366 of 366 days
    ("P1-2", "400", ""),
    ("P3-1", "335", ""),  # 366 m2 x 335 / 366
    ("P4-1", "0", ""),  # no meter
    ("P9-1", None, "x"),  # a meter, and a heated area that nobody knows
]


@pytest.mark.parametrize(("building", "amount", "status"), COVERED)
def test_heated_area_counts_for_the_days_with_data(
    world: Built, building: str, amount: str | None, status: str
) -> None:
    row = world.row("int_energy__consumed", building_id=f"{CODE}-{building}", measure_code="A_OPV_DATA", year=2024)
    assert row["status_code"] == status
    assert (None if row["amount"] is None else round(row["amount"], 9)) == (None if amount is None else Decimal(amount))


def test_a_measure_names_every_delivery_behind_it(world: Built) -> None:
    def streams(measure_code: str, topic: str) -> set[int]:
        rows = world.rows("fct_measure_deliveries", measure_code=measure_code, topic=topic, year=2024)
        return {row["delivery_id"] for row in rows}

    def delivery(table: str) -> int:
        (found,) = {row["delivery_id"] for row in world.tables[table]}
        return int(found)

    files, power = delivery("stg_energy__readings"), delivery("stg_eloverblik__readings")
    heat, degrees = delivery("stg_ek109__readings"), delivery("stg_factors__degree_days")
    assert streams("Q_EL", "schools_daycare") == {files, power}
    assert streams("Q_VARME_K", "schools_daycare") == {files, heat, degrees}
    assert streams("Q_CO2E", "schools_daycare") == {files, power, heat, delivery("stg_factors__emission_factors")}


def _building(building: str | None) -> str | None:
    return None if building is None else f"{CODE}-{building}"


def _measure(
    world: Built, property_no: str | None, building: str | None, measure_code: str, year: int
) -> dict[str, Any]:
    return world.row(
        "int_energy__consumed",
        property_id=None if property_no is None else f"{CODE}-{property_no}",
        building_id=_building(building),
        measure_code=measure_code,
        year=year,
    )
