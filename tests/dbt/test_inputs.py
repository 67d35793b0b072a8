"""Users, hours, condition, prices, means, statistics and observations, against numbers worked out by hand."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.dbt.conftest import Built, build_world
from tests.dbt.inputs_world import CODE, CONFIGURATION, DELIVERIES, SERVICES, YEARS
from warehouse.database import connect
from warehouse.settings import Settings

OTHER_BASES = """(
    select cast('C_KL' as text) as measure_code, 1 as version, cast('price_index' as text) as index_source,
        cast('KL' as text) as source_name, cast('alle' as text) as art_group, cast(null as text) as vintage,
        2021 as base_year
    union all select 'C_KL', 2, 'price_index', 'KL', 'alle', null, 2023
    union all select 'C_OLD', 1, 'price_index', 'KL', 'alle', '2024', 2023
    union all select 'C_CPI', 1, 'pris113', null, null, null, 2024
)"""


@pytest.fixture(scope="module")
def inputs(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, list[Any]]:
    """What the world's models hold, and what its price indices are for other bases than the seed's."""
    folder = tmp_path_factory.mktemp("inputs")
    made = build_world(warehouse, folder, CONFIGURATION, DELIVERIES, "+tag:marts", "+int_observations__refused")
    (compiled,) = folder.glob("target/compiled/*/models/intermediate/prices/int_prices__indexed.sql")
    query, found = re.subn(r'"\w+"\."staging"\."factors_price_bases"', OTHER_BASES, compiled.read_text())
    assert found == 1
    with connect("ejd_transformer") as connection:
        return made, connection.execute(query).fetchall()


@pytest.fixture
def built(inputs: tuple[Built, list[Any]]) -> Built:
    return inputs[0]


def amounts(built: Built, measure: str, year: int = 2025, code: str = CODE) -> dict[str, Any]:
    """Amount of a measure by property number, and by building where it has one; x where it is missing."""
    rows = built.rows("fct_measures", municipality_code=code, year=year, measure_code=measure)
    found = {}
    for row in rows:
        place = (row["building_id"] or row["property_id"] or "none").removeprefix(f"{code}-")
        assert place not in found, f"{measure} has two rows of {place}"
        found[place] = row["status_code"] or row["amount"]
    return found


def test_an_observation_is_a_measure_of_its_property_or_building(built: Built) -> None:
    assert amounts(built, "N_BESOEG") == {"P3": 52300}
    assert amounts(built, "A_TOM") == {"P1-2": 0}
    assert amounts(built, "N_HAL") == {}


def test_an_observation_that_is_no_measure_is_named_with_its_reason(built: Built) -> None:
    refused = built.rows("int_observations__refused", stream="observations")
    rows = {row["row_no"]: row["reason"] for row in refused}
    assert rows == {
        3: "a measure that is computed and never delivered",
        4: "no measure of the register",
        5: "an unknown property",
        6: "an unknown building of the property",
        7: "a year without accounts or readings",
        8: "the same place, measure and year as an earlier row",
        9: "no amount",
        10: "a negative amount",
    }


def test_other_rows_that_give_no_measure_are_named_too(built: Built) -> None:
    rows = {
        (row["stream"], row["row_no"], row["reason"])
        for row in built.tables["int_observations__refused"]
        if row["stream"] != "observations"
    }
    assert rows == {
        ("opening_hours", 5, "it opens when it closes"),
        ("bookings", 8, "no date or no times"),
        ("bookings", 9, "an unknown property"),
        ("condition_surveys", 9, "no date"),
        ("condition_surveys", 10, "an unknown building of the property"),
    }


def test_own_counts_of_pupils_come_before_the_statistics_which_fill_the_other_years(built: Built) -> None:
    assert amounts(built, "N_ELEV") == {"P1": 105}  # (110 statistics + 100 own) / 2
    assert amounts(built, "N_ELEV", 2024) == {"P1": 95}  # (100 own + 90 statistics) / 2
    assert amounts(built, "N_ELEV", 2023) == {"P1": "x"}
    sources = built.rows("int_institutions__counted", institution_no="S1")
    assert {row["year"]: row["count_source"] for row in sources} == {2024: "own", 2025: "stil"}


def test_the_newest_count_of_each_place_is_that_of_the_year(built: Built) -> None:
    assert amounts(built, "N_ARBPL") == {"P2": 65, "P1": 10}
    assert amounts(built, "N_AARSV_ADM") == {"P2": 45}
    assert amounts(built, "N_ARBPL", 2024) == {}


def test_classrooms_are_counted_where_there_is_a_list_of_rooms(built: Built) -> None:
    assert amounts(built, "N_LOKALE") == {"P1": 3, "P2": 0}
    assert amounts(built, "N_LOKALE", code=SERVICES) == {"10": 2, "20": 1}


def test_interruptions_are_counted_and_where_orders_are_delivered_none_is_a_zero(built: Built) -> None:
    assert amounts(built, "N_STOP") == {"P1": 2, "P2": 0, "P3": 0, "P4": 0, "P5": 0, "none": 1}
    assert amounts(built, "N_STOP", 2024) == {"P1": 0, "P2": 0, "P3": 0, "P4": 0, "P5": 0}
    assert amounts(built, "N_STOP", 2023) == {}
    assert amounts(built, "N_STOP", code=SERVICES) == {"10": 2, "20": 1}


def test_opening_hours_that_overlap_count_once_and_run_past_midnight(built: Built) -> None:
    # 2025: 26 Mondays of 8 hours, 26 of 10, 52 Fridays of 4, 52 Saturdays of 3.
    library = 26 * 8 + 26 * 10 + 52 * 4 + 52 * 3
    # One night each, 20 to 2: from 31 December 2025, from 31 December 2024, and on 1 August 2025.
    assert amounts(built, "H_AABEN") == {"P4": library, "P3": 4, "P1": 2, "P2": 6}
    # 2024 has 53 Mondays.
    assert amounts(built, "H_AABEN", 2024) == {"P4": 53 * 8 + 52 * 4 + 52 * 3, "P1": 4}


def test_weeks_are_days_of_validity(built: Built) -> None:
    days = {place: round(weeks * 7, 6) for place, weeks in amounts(built, "N_UGER").items()}
    assert days == {"P4": 365, "P3": 1, "P1": 0, "P2": 1}
    assert round(amounts(built, "N_UGER", 2024)["P4"] * 7, 6) == 366


def test_bookings_of_sports_are_clipped_to_the_window_and_count_once(built: Built) -> None:
    # hall A on 6 January 16-18 and on the 8th 21-22, hall B on the 7th 21-22
    assert amounts(built, "H_BOOK") == {"P3": 4, "P5": 0}
    assert amounts(built, "H_REF") == {"P3": 2 * 6 * 261, "P5": 0}
    assert amounts(built, "H_REF", 2024) == {}


def test_the_newest_survey_of_each_part_gives_the_condition_of_the_building(built: Built) -> None:
    assert amounts(built, "A_SYN") == {"P1-1": 1000, "P1-2": 0, "P2-1": 800, "P3-1": 600, "P4-1": 300}
    assert amounts(built, "A_SYN_5") == {"P1-1": 1000, "P1-2": 0, "P2-1": 800, "P3-1": 0, "P4-1": 300}
    assert amounts(built, "A_SYN_5", 2023) == {"P1-1": 1000, "P1-2": 0, "P2-1": 0, "P3-1": 600, "P4-1": 0}
    # P1-1 is weighed by amount: (3 * 100 + 1 * 60 + 2 * 40) / 200 = 2.2; P2-1 is a plain mean of 0 and 2
    assert amounts(built, "A_TILST") == {"P1-1": 2200, "P1-2": 0, "P2-1": 800, "P3-1": 1200, "P4-1": 900}
    assert amounts(built, "A_GOD") == {"P1-1": 0, "P1-2": 0, "P2-1": 800, "P3-1": 0, "P4-1": 0}


def test_backlog_is_due_parts_by_risk_in_prices_of_the_year_and_unknown_where_nobody_looked(built: Built) -> None:
    unknown = {"P1-2": "x", "P3-1": "x", "P4-1": "x"}  # not surveyed; no index of 2019; no amount
    assert amounts(built, "BL_HOEJ") == {"P1-1": 125_000, "P2-1": 0, **unknown}
    assert amounts(built, "BL_BETYDELIG") == {"P1-1": 0, "P2-1": 0, **unknown}
    assert amounts(built, "BL_MODERAT") == {"P1-1": 40_000, "P2-1": 10_000, **unknown}
    assert amounts(built, "BL_LAV") == {"P1-1": 0, "P2-1": 0, **unknown}
    # in 2023 part (37) had grade 3 since 2021: 40,000 * 125 / 100
    assert amounts(built, "BL_BETYDELIG", 2023) == {"P1-1": 50_000, "P2-1": "x", **unknown}


def test_replacement_value_is_owned_area_times_the_newest_price_of_its_use(built: Built) -> None:
    assert amounts(built, "GV") == {"P1-1": 20_000_000, "P1-2": 10_000_000, "P2-1": 16_000_000, "P3-1": "x"}


def test_means_are_in_prices_of_the_base_year_and_need_every_year(built: Built) -> None:
    nothing = dict.fromkeys(("P2", "P3", "P4", "P5"), 0)
    assert amounts(built, "C_VEDL_5AAR") == {"P1": 40_000, **nothing, "none": 100}
    assert amounts(built, "C_VEDL_PL_5AAR") == {"P1": 26_000, **nothing}
    assert set(amounts(built, "C_VEDL_5AAR", 2024).values()) == {"x"}
    assert amounts(built, "C_ANLAEG_4AAR") == {"P1": 0, **nothing, "P2": 50_000}
    assert amounts(built, "C_ANLAEG_4AAR", 2024)["P2"] == 50_000
    assert amounts(built, "C_ANLAEG_4AAR", 2023)["P2"] == "x"


def test_the_mean_of_an_owned_area_has_the_years_before_it_was_built(built: Built) -> None:
    assert amounts(built, "A_EJET_5AAR") == {"P1": 1300, "P2": 800, "P3": 600}
    assert set(amounts(built, "A_EJET_5AAR", 2024).values()) == {"x"}


def test_a_municipalitys_own_accounts_come_before_those_of_the_whole_country(built: Built) -> None:
    assert {year: amounts(built, "C_NETTO", year) for year in YEARS} == {
        2021: {}, 2022: {}, 2023: {"none": 400_000}, 2024: {"none": 480_000}, 2025: {"none": 600_000},
    }  # fmt: skip
    assert amounts(built, "C_IDRAET_NETTO", 2024) == {"none": -20_000}
    assert amounts(built, "C_IDRAET_NETTO", 2023) == {"none": 0}
    assert amounts(built, "C_IDRAET_NETTO", 2025) == {"none": "x"}


def test_an_index_is_a_chain_of_the_newest_changes_that_ends_at_a_gap(inputs: tuple[Built, list[Any]]) -> None:
    found = {(row[0], row[1]): tuple(row[2:]) for row in inputs[1]}
    assert {key: value for key, value in found.items() if key[0] == "C_KL"} == {
        ("C_KL", 2021): (100, 2, 2023, Decimal("107.1")),
        ("C_KL", 2022): (102, 2, 2023, Decimal("107.1")),
        ("C_KL", 2023): (Decimal("107.1"), 2, 2023, Decimal("107.1")),
    }
    assert found["C_OLD", 2023][0] == Decimal("112.098")  # 100 * 1.02 * 1.099, the vintage that is named
    # months 101 to 112 of 2024; 2025 lacks one
    assert {key: value[0] for key, value in found.items() if key[0] == "C_CPI"} == {("C_CPI", 2024): Decimal("106.5")}


def test_every_input_knows_its_delivery(built: Built) -> None:
    named = {(row["measure_code"]) for row in built.rows("fct_measure_deliveries", municipality_code=CODE, year=2025)}
    assert {"N_BESOEG", "N_LOKALE", "H_AABEN", "H_BOOK", "A_SYN", "BL_HOEJ", "GV", "C_NETTO", "C_VEDL_5AAR"} <= named
