"""What the files of FM, cleaning, lease, survey and booking systems look like in staging."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.pull import pull
from tests.connectors.drops import configure, drop
from tests.connectors.workbook import book
from tests.staging.staged import Rows, stage
from warehouse.settings import Settings, get_settings

FILES = {
    "properties.csv": """\
property_no;bfe_no;name;use;tenure
P1;100, 0200;Prøveskolen;Skole;Ejet
""",
    "buildings.csv": """\
property_no;building_no;gross_area;net_area;owner_cvr;rebuilt_year;protected;energy_label;label_valid_to;road;heating
P1;001;1.234,5;0;12345678;1998;Nej;c;01-02-2030;Prøvevej;Fjernvarme
P1;2;0,0;;0101701234;;;;;;
""",
    "rooms.csv": """\
property_no;building_no;floor;room_no;room_type;area;frequency_per_week;minutes;cleaning_code;area_unit;gross_area
P1;001;st.;0.01;Klasse;52,5;2,5;12;512;;
P1;001;1.;1.01;Kontor;0;;;7 gange;squarefeet;100
P1;001;1.;1.02;Depot;10;;;;alen;
""",
    "work_orders.csv": """\
order_no;property_no;building_no;status;order_type;created;closed;deadline;expected_cost;actual_cost;account
1001;P1;1;Lukket;Afhjælpende;01-03-2024 10:15;02-03-2024;;1.500,00;1.750,25;22000
1001;P1;1;Lukket;Afhjælpende;01-03-2024 10:15;02-03-2024;;1.500,00;1.750,25;22000
1002;P1;;Åben;;2024-03-05;;31-12-2024;;;
""",
    "condition_surveys.csv": """\
property_no;building_no;part_code;part_classification;condition_grade;condition_scale;due_year;amount;remaining_life_years
P1;1;(21);SfB;TG2;TG;2027;150.000;5
P1;1;(31);SfB;2;TG;;;
P1;1;(37);SfB;5;1-5;;;
P1;1;(47);SfB;5;5-1;;;
P1;1;(52);SfB;B;A-D;;;
P1;1;(63);SfB;gul;Trafiklys;;;
P1;1;(64);SfB;middel;egen skala;;;
P1;1;(65);SfB;TG9;TG;;;
""",
    "leases.csv": """\
lease_no;property_no;area;annual_rent;valid_from;valid_to;notice_months;role
L1;P1;120;96.000,00;01-01-2020;31-12-9999;6;Indlejet
L2;P1;0;12.000;01-01-2021;31-12-2025;;Udlejer
L3;P1;;0;;;;ukendt
""",
    "workplaces.csv": "property_no;building_no;count_date;workplaces;employees\nP1;1;01-10-2025;40;35,5\n",
    "observations.csv": """\
property_no;building_no;measure;year;amount
P1;;N_BESOEG;2025;52.300
P1;001;a_tom;2025;0
P1;;N_HAL;2025;
""",
    "bookings_2025.csv": """\
property_no;room_no;booking_date;starts;ends;hours;kind
P1;Sal;05-01-2025;18:00;19.30;;Forening
P1;Sal;06-01-2025;08:00;24:00;16;
""",
}
PROFILES = {
    "properties": {"split": {"bfe_no": ","}},
    "work_orders": {"date_formats": ["%d-%m-%Y", "%d-%m-%Y %H:%M", "%Y-%m-%d"]},
    "bookings": {"files": "bookings_*.csv"},
    "opening_hours": {"files": "opening_hours.xlsx", "fill_down": ["property_no"], "split": {"weekday": ","}},
}


_STAGED: dict[str, Rows] = {}


@pytest.fixture
def staged(clean_warehouse: Settings, config_folder: Path, tmp_path: Path) -> dict[str, Rows]:
    """Every staging model of the files, built by the first test that asks."""
    if not _STAGED:
        _STAGED.update(_stage(config_folder, tmp_path))
    return _STAGED


def deliver(folder: Path) -> dict[str, Any]:
    """Put every file into a drop folder; returns the profiles of their streams."""
    for name, text in FILES.items():
        drop(folder, name, text)
    rows = [["property_no", "weekday", "opens", "closes", "valid_to"],
            ["P1", "Mandag, ons", time(8, 30), "16.00", date(9999, 12, 31)],
            ["", "lør.", 0.375, "1230", date(2026, 6, 30)], ["", "man-fre", "hele dagen", "24:00", ""]]  # fmt: skip
    book(folder, "opening_hours.xlsx", {"Ark1": rows})
    names = [*(name.partition(".")[0].partition("_2025")[0] for name in FILES), "opening_hours"]
    return {name: {"files": f"{name}.csv", **PROFILES.get(name, {})} for name in names}


def _stage(config: Path, target: Path) -> dict[str, Rows]:
    streams = deliver(config / "municipalities" / "0992" / "drop")
    configure(config, fm_files={"folder": "drop", "streams": streams})
    results = pull("fm_files", "0992", get_settings())
    assert {(result.outcome, result.reason) for result in results} == {("landed", None)}
    return stage(get_settings(), target, "fm_files")


def pick(rows: Rows, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in sorted(rows, key=lambda row: row.get("row_no") or 0)]


def test_a_property_may_have_several_bfe_numbers(staged: dict[str, Rows]) -> None:
    assert pick(staged["stg_fm_files__properties"], "property_no", "bfe_number") == [("P1", "100")]
    assert pick(staged["stg_fm_files__property_bfe_numbers"], "property_no", "bfe_number") == [
        ("P1", "100"), ("P1", "200"),
    ]  # fmt: skip


def test_an_area_of_zero_is_unknown_and_a_person_number_is_no_cvr_number(staged: dict[str, Rows]) -> None:
    assert pick(staged["stg_fm_files__buildings"], "building_no", "gross_area_m2", "net_area_m2", "owner_cvr") == [
        ("1", Decimal("1234.5"), None, "12345678"), ("2", None, None, None),
    ]  # fmt: skip


def test_a_building_keeps_what_its_card_says(staged: dict[str, Rows]) -> None:
    columns = ("rebuilt_year", "is_protected", "energy_label", "label_valid_to_date", "road_name", "heating_name")
    assert pick(staged["stg_fm_files__buildings"], *columns) == [
        (1998, False, "C", date(2030, 2, 1), "Prøvevej", "Fjernvarme"), (None, None, None, None, None, None),
    ]  # fmt: skip


def test_areas_of_rooms_are_square_metres_whatever_unit_the_file_declares(staged: dict[str, Rows]) -> None:
    assert pick(staged["stg_fm_files__rooms"], "room_no", "area_m2", "gross_area_m2") == [
        ("0.01", Decimal("52.5"), None), ("1.01", None, Decimal("9.29030400")), ("1.02", None, None),
    ]  # fmt: skip


def test_a_code_of_programmed_cleaning_is_days_floors_and_furniture(staged: dict[str, Rows]) -> None:
    columns = ("cleanings_per_week", "cleaning_minutes", "programmed_days_per_week", "programmed_floors_per_week",
               "programmed_furniture_per_week", "cleaning_code")  # fmt: skip
    assert pick(staged["stg_fm_files__rooms"], *columns)[:2] == [
        (Decimal("2.5"), Decimal(12), 5, 1, 2, "512"), (None, None, None, None, None, "7 gange"),
    ]  # fmt: skip


def test_a_work_order_that_comes_twice_is_one(staged: dict[str, Rows]) -> None:
    columns = ("order_no", "building_no", "status", "created_date", "closed_date", "deadline_date", "actual_cost_dkk")
    rows = sorted(pick(staged["stg_fm_files__work_orders"], *columns))
    assert rows == [
        ("1001", "1", "Lukket", date(2024, 3, 1), date(2024, 3, 2), None, Decimal("1750.25")),
        ("1002", None, "Åben", date(2024, 3, 5), None, date(2024, 12, 31), None),
    ]


def test_condition_grades_of_five_scales_come_to_one_and_keep_their_own(staged: dict[str, Rows]) -> None:
    columns = ("condition_grade", "condition_scale", "common_condition_grade")
    assert pick(staged["stg_fm_files__condition_surveys"], *columns) == [
        ("TG2", "TG", Decimal(2)), ("2", "TG", Decimal(2)), ("5", "1-5", Decimal(3)), ("5", "5-1", Decimal(0)),
        ("B", "A-D", Decimal(1)), ("gul", "Trafiklys", Decimal("1.5")), ("middel", "egen skala", None),
        ("TG9", "TG", None),
    ]  # fmt: skip
    assert pick(staged["stg_fm_files__condition_surveys"], "due_year", "amount_dkk", "remaining_life_years")[0] == (
        2027, Decimal(150000), Decimal(5),
    )  # fmt: skip


def test_31_12_9999_is_an_open_end(staged: dict[str, Rows]) -> None:
    columns = ("lease_no", "valid_from_date", "valid_to_date", "annual_rent_dkk", "lease_role", "area_m2")
    assert pick(staged["stg_fm_files__leases"], *columns) == [
        ("L1", date(2020, 1, 1), None, Decimal(96000), "leased_in", Decimal(120)),
        ("L2", date(2021, 1, 1), date(2025, 12, 31), Decimal(12000), "let_out", None),
        ("L3", None, None, Decimal(0), None, None),
    ]


def test_workplaces_are_counted_on_a_day(staged: dict[str, Rows]) -> None:
    columns = ("property_no", "building_no", "counted_date", "workplaces", "employees")
    assert pick(staged["stg_fm_files__workplaces"], *columns) == [
        ("P1", "1", date(2025, 10, 1), Decimal(40), Decimal("35.5"))
    ]


def test_opening_times_are_minutes_however_they_are_written(staged: dict[str, Rows]) -> None:
    columns = ("property_no", "weekday", "opens_minute", "closes_minute", "valid_to_date")
    assert pick(staged["stg_fm_files__opening_hours"], *columns) == [
        ("P1", 1, 510, 960, None), ("P1", 3, 510, 960, None), ("P1", 6, 540, 750, date(2026, 6, 30)),
        ("P1", None, None, 1440, None),
    ]  # fmt: skip


def test_booked_hours_come_from_the_times_where_the_file_has_none(staged: dict[str, Rows]) -> None:
    columns = ("booked_date", "booked_hours", "kind")
    assert pick(staged["stg_fm_files__bookings"], *columns) == [
        (date(2025, 1, 5), Decimal("1.5"), "Forening"), (date(2025, 1, 6), Decimal(16), None),
    ]  # fmt: skip


def test_an_observed_zero_is_a_zero_and_an_empty_amount_is_none(staged: dict[str, Rows]) -> None:
    columns = ("property_no", "building_no", "measure_code", "year", "amount")
    assert pick(staged["stg_fm_files__observations"], *columns) == [
        ("P1", None, "N_BESOEG", 2025, Decimal(52300)), ("P1", "1", "A_TOM", 2025, Decimal(0)),
        ("P1", None, "N_HAL", 2025, None),
    ]  # fmt: skip
