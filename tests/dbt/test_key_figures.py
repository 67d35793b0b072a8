"""Key figures: sum over sum, missing inputs as status and reason, coverage."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.dbt.conftest import Built

# municipality, year, code, numerator, denominator, value, status, flags, reason
FIGURES = [
    ("0999", 2025, "GEN-01", "2000", "1", "2000", "", "", None),
    ("0999", 2025, "GEN-02", "2000", "500", "4", "", "", None),
    ("0999", 2025, "GEN-04", "49500", "2000", "24.75", "", "", None),
    ("0999", 2025, "GEN-10", None, "1800", None, "x", "", "no C_RENG"),
    ("0999", 2025, "GEN-12", "49500", "2000", "24.75", "", "fallback_denominator", None),
    ("0999", 2025, "SKO-01", "2000", "100", "20", "", "", None),
    ("0999", 2025, "SKO-03", "53500", "2000", "26.75", "", "", None),
    ("0999", 2025, "VED-05", "3000", "4000", "75", "", "", None),
    ("0999", 2025, "DAG-01", None, None, None, "m", "", "no building in scope"),
    ("0998", 2024, "SKO-01", "1150", None, None, "x", "", "no N_ELEV for school"),
    ("0998", 2025, "ADM-09", None, "10100", None, "x", "", "no A_BDA for administration"),
    ("0998", 2025, "GEN-01", "3100", "1", None, "x", "", "coverage 66 % of needed 90 %"),
    ("0998", 2025, "GEN-10", "2000.50", "2150", None, "x", "", "coverage 87 % of needed 90 %"),
]
# code, units in scope, with input, m2 in scope, with input, missing; 0998 in 2025
COVERAGE = [
    ("GEN-01", 6, 4, "3100", "3100", "A_BDA"),  # areas alone: buildings by number
    ("GEN-10", 4, 3, "3100", "2700", "A_RENG, cost"),
    ("GEN-15", 4, 1, "3100", "1550", "A_BDA, Q_EL"),
    ("DAG-01", 2, 1, "1550", "300", "N_BARN"),
    ("KUL-02", 0, 0, "0", "0", ""),
]


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    ("municipality_code", "year", "code", "numerator", "denominator", "value", "status", "flags", "reason"), FIGURES
)
def test_a_key_figure_is_sum_over_sum_or_says_why_not(
    built: Built,
    municipality_code: str,
    year: int,
    code: str,
    numerator: str | None,
    denominator: str | None,
    value: str | None,
    status: str,
    flags: str,
    reason: str | None,
) -> None:
    row = built.row(
        "fct_key_figures", level="municipality", municipality_code=municipality_code, year=year, key_figure_code=code
    )
    assert row["use_category"] == ""
    assert (row["numerator"], row["denominator"]) == (_decimal(numerator), _decimal(denominator))
    assert row["value"] == _decimal(value)
    assert (row["status_code"], row["flags"], row["reason"]) == (status, flags, reason)


@pytest.mark.parametrize(("code", "units", "with_input", "area", "area_with_input", "missing"), COVERAGE)
def test_coverage_says_how_much_has_every_input(
    built: Built, code: str, units: int, with_input: int, area: str, area_with_input: str, missing: str
) -> None:
    row = built.row("fct_coverage", municipality_code="0998", year=2025, key_figure_code=code)
    assert (row["units_in_scope"], row["units_with_input"]) == (units, with_input)
    assert (row["area_in_scope_m2"], row["area_with_input_m2"]) == (Decimal(area), Decimal(area_with_input))
    assert row["missing_measures"] == missing


# use category, code, numerator, denominator, value, units, coverage, reason; 0998 in 2025
BY_USE_CATEGORY = [
    # school P1: 1150, 400 and unknown m2; only the first building's cleaned area is known
    ("school", "GEN-01", "1550", "1", None, 3, "66.66667", "coverage 66 % of needed 90 %"),
    ("school", "GEN-02", "1550", "10100", None, 3, "66.66667", "coverage 66 % of needed 90 %"),
    ("school", "GEN-10", "2000.50", "800", None, 1, "74.19355", "coverage 74 % of needed 90 %"),
    ("school", "SKO-01", "1550", "105", "14.76190", 1, "100", None),
    # daycare P2 and P3: 300 and 1250 m2, nothing posted on cleaning
    ("daycare", "GEN-02", "1550", "10100", "0.15347", 2, "100", None),  # inhabitants count in full
    ("daycare", "GEN-10", None, "1350", None, 2, "100", "no C_RENG for daycare"),
    ("daycare", "DAG-01", "1550", "35.5", None, 2, "19.35484", "coverage 19 % of needed 90 %"),
    ("administration", "GEN-01", None, "1", None, 1, "0", "no A_BDA for administration"),
]


@pytest.mark.parametrize(
    ("use", "code", "numerator", "denominator", "value", "units", "coverage", "reason"), BY_USE_CATEGORY
)
def test_a_key_figure_of_one_use_category_sums_and_covers_that_alone(
    built: Built, use: str, code: str, numerator: str | None, denominator: str, value: str | None, units: int,
    coverage: str, reason: str | None,
) -> None:  # fmt: skip
    row = built.row(
        "fct_key_figures", level="use_category", use_category=use, municipality_code="0998", year=2025,
        key_figure_code=code,
    )  # fmt: skip
    assert (row["numerator"], row["denominator"]) == (_decimal(numerator), _decimal(denominator))
    assert (row["value"] and round(row["value"], 5)) == _decimal(value)
    assert (row["n_units"], round(row["coverage_pct"], 5)) == (units, Decimal(coverage))
    assert row["reason"] == reason


def test_parts_of_additive_figures_add_up_over_use_categories(built: Built) -> None:
    for whole in built.rows("fct_key_figures", level="municipality", key_figure_code="GEN-01"):
        where = {name: whole[name] for name in ("municipality_code", "year", "key_figure_code", "version")}
        parts = built.rows("fct_key_figures", level="use_category", **where)
        assert sum(row["numerator"] or 0 for row in parts) == whole["numerator"]
        assert sum(row["n_units"] for row in parts) == whole["n_units"]


def test_a_value_is_there_exactly_when_no_reason_is(built: Built) -> None:
    def is_whole(row: dict[str, Any]) -> bool:
        return (row["value"] is None) == (row["reason"] is not None) == (row["status_code"] != "")

    assert built.tables["fct_key_figures"]
    assert not [row for row in built.tables["fct_key_figures"] if not is_whole(row)]


def test_every_figure_of_the_register_has_a_row_for_every_year_with_data(built: Built) -> None:
    keys = {(row["municipality_code"], row["year"]) for row in built.tables["fct_key_figures"]}
    assert keys == {("0998", 2024), ("0998", 2025), ("0999", 2025)}
    rows = built.rows("fct_key_figures", level="municipality", municipality_code="0998", year=2025)
    codes = [row["key_figure_code"] for row in rows]
    assert len(codes) == len(set(codes)) == 95


# measure, property -> amount of 0998 in 2025
OTHER_MEASURES = [
    ("N_INDB", None, "10100"),  # 1 January: not the second quarter, not the men
    ("N_ELEV", "0998-P1", "105"),
    ("N_BARN", "0998-P2", "35.5"),
    ("N_BARN", "0998-P3", None),  # no institution linked: missing, not none
    ("Q_EL", "0998-P1", "201.0"),
    ("Q_VARME", "0998-P2", "750"),  # 1.5 MWh, half each
    ("Q_VARME", "0998-P3", "750"),
]


@pytest.mark.parametrize(("measure_code", "property_id", "amount"), OTHER_MEASURES)
def test_users_and_energy_are_counted(
    built: Built, measure_code: str, property_id: str | None, amount: str | None
) -> None:
    row = built.row(
        "fct_measures", municipality_code="0998", year=2025, measure_code=measure_code, property_id=property_id
    )
    assert row["amount"] == _decimal(amount)
    assert row["status_code"] == ("x" if amount is None else "")
