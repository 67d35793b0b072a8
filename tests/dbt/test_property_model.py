"""Buildings, areas and the tie between FM systems and BBR, against what can be worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.dbt.conftest import Built

# building, BBR id, method, confidence, operating area, where it is from
BUILDINGS = [
    ("0998-P1-1", "a1", "uuid", "1.0", "1150", "bbr"),  # 1000 + attic 50 + basement 100; the floor gone is not in it
    ("0998-P1-2", None, "none", "0", None, "unknown"),  # BBR says gone (status 10), the FM system has no area
    ("0998-P1-3", "a6", "bfe_building_no", "0.9", "400", "bbr"),
    ("0998-P2-1", "a4", "bfe_building_no", "0.9", "300", "bbr"),  # foreign ground: its own BFE, not the ground's
    ("0998-P3-1", None, "none", "0", "1250", "fm"),
    ("0998-P4-7", "a5", "manual", "1.0", "200", "bbr"),  # other number and no BFE: the municipality says so
    ("0998-P5-1", "a3", "uuid", "1.0", None, "unknown"),  # -20 m2 in BBR, 0 in the FM system
    ("0999-10-1", "c1", "uuid", "1.0", "2000", "bbr"),
]
# municipality, year, measure -> m2
AREAS = [
    ("0998", 2024, "A_BDA", "2700"),
    ("0998", 2025, "A_BDA", "3100"),  # a building of 2025 counts from 2025
    ("0998", 2025, "A_EJET", "1850"),
    ("0998", 2025, "A_LEJET", "1250"),
    ("0998", 2025, "A_UDLEJET", "200"),
    ("0998", 2025, "A_OPV", "1570"),
    ("0998", 2025, "A_RENG", "2150"),
    ("0999", 2025, "A_RENG", "1800"),
]


@pytest.mark.parametrize(("building_id", "bbr_id", "method", "confidence", "area", "area_source"), BUILDINGS)
def test_a_building_has_its_link_and_area(
    built: Built, building_id: str, bbr_id: str | None, method: str, confidence: str, area: str | None, area_source: str
) -> None:
    row = built.row("dim_buildings", building_id=building_id)
    assert (row["bbr_id"], row["link_method"], row["link_confidence"]) == (bbr_id, method, Decimal(confidence))
    assert (row["bda_m2"], row["area_source"]) == (None if area is None else Decimal(area), area_source)


def test_a_building_of_a_property_nobody_named_is_not_in_the_model(built: Built) -> None:
    assert {row["building_id"] for row in built.tables["dim_buildings"]} == {row[0] for row in BUILDINGS}


@pytest.mark.parametrize(("municipality_code", "year", "measure_code", "area"), AREAS)
def test_areas_sum_by_tenure_and_year(
    built: Built, municipality_code: str, year: int, measure_code: str, area: str
) -> None:
    amount = built.amount(measure_code, municipality_code=municipality_code, year=year)
    assert amount == Decimal(area)


def test_a_missing_area_is_a_row_with_status_x_and_never_a_zero(built: Built) -> None:
    missing = built.rows("fct_measures", year=2025, measure_code="A_BDA", status_code="x")
    assert sorted(row["building_id"] for row in missing) == ["0998-P1-2", "0998-P5-1"]
    assert all(row["amount"] is None for row in missing)
    assert built.row("fct_measures", building_id="0999-10-1", measure_code="A_OPV")["status_code"] == "x"
    assert not [row for row in built.tables["fct_measures"] if (row["amount"] is None) != (row["status_code"] == "x")]


def test_let_out_premises_have_no_other_area(built: Built) -> None:
    codes = {row["measure_code"] for row in built.rows("fct_measures", tenure="let_out", unit="m2")}
    assert codes == {"A_UDLEJET"}


def test_use_comes_from_the_fm_system_else_from_the_largest_building(built: Built) -> None:
    uses = {row["property_id"]: (row["use_category"], row["tenure"]) for row in built.tables["dim_properties"]}
    assert uses == {
        "0998-P1": ("school", "owned"),
        "0998-P2": ("daycare", "owned"),  # nothing in the FM system; BBR 440
        "0998-P3": ("daycare", "leased"),
        "0998-P4": ("housing", "let_out"),
        "0998-P5": ("administration", "owned"),
        "0999-10": ("school", "owned"),
    }


def test_a_built_year_of_1000_is_unknown(built: Built) -> None:
    years = {row["building_id"]: row["built_year"] for row in built.tables["dim_buildings"]}
    assert (years["0998-P1-1"], years["0998-P2-1"]) == (1990, None)


def test_a_property_named_twice_counts_once_as_first_named(built: Built) -> None:
    assert built.row("dim_properties", property_id="0998-P1")["name"] == "Skolen"


def test_municipalities_are_counted(built: Built) -> None:
    row = built.row("dim_municipalities", municipality_code="0998")
    assert (row["inhabitants"], row["properties"], row["buildings"]) == (10100, 5, 7)
