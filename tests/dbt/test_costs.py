"""Money: nothing is lost, nothing is made, what no rule knows stays visible."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from register.read import read_register
from tests.dbt.conftest import Built, Rows

# property, measure -> kroner of 0998 in 2025
COSTS = [
    ("0998-P1", "C_EL", "1000.00"),  # a voucher takes 1357 and gives it back
    ("0998-P1", "C_RENG", "2000.50"),  # fiscal year 2025, posted in January 2026
    ("0998-P1", "C_OEVR", "100.00"),  # the rule for C_VEDL_AK ended with 2024
    ("0998-P1", "I_LEJE", "-23350"),
    ("0998-P1", "C_IKKE", "-1639.65"),
    (None, "C_IKKE", "1644.65"),  # 1639.65 and 5.00 on balance accounts: no property cost, whatever the rules say
    ("0998-P2", "C_VARME", "33.333333"),  # 0.3333 of 100.01; priority 1 wins over the rule for electricity
    ("0998-P3", "C_VARME", "66.676667"),
    (None, "C_EL", "11.00"),  # the master names a property that no FM system knows
    (None, "C_UMAPPED", "77.77"),  # on an unknown PSP: no dranst, so no rule for operation
]
# year, function -> accepted, unmapped
FUNCTIONS = [
    (2024, "32201", "900.00", "0"),
    (2025, "32201", "-21889.15", "0"),
    (2025, "52514", "100.01", "0"),
    (2025, "02201", "11.00", "0"),
    (2025, "64550", "5.00", "0"),
    (2025, "unknown", "1717.42", "77.77"),
]


def cost_rows(built: Built, **where: Any) -> Rows:
    """Measured costs; a part of costs, or a mean over years, would count them again."""
    measures = read_register().measures
    return [row for row in built.rows("fct_measures", **where) if measures[row["measure_code"]].kind == "cost"]


def test_costs_are_mapped_and_allocated(built: Built) -> None:
    costs = {
        (row["property_id"], row["measure_code"]): row["amount"]
        for row in cost_rows(built, municipality_code="0998", year=2025)
    }
    assert costs == {(property_id, code): Decimal(amount) for property_id, code, amount in COSTS}


def test_an_earlier_year_uses_the_rules_of_that_year(built: Built) -> None:
    costs = {row["measure_code"]: row["amount"] for row in cost_rows(built, municipality_code="0998", year=2024)}
    assert costs == {"C_EL": Decimal(500), "C_VEDL_PL": Decimal(300), "C_VEDL_AK": Decimal(100)}


def test_every_krone_is_accounted_for(built: Built) -> None:
    rows = {
        (row["year"], row["function_code"]): (row["accepted_dkk"], row["unmapped_dkk"])
        for row in built.rows("fct_cost_reconciliation", municipality_code="0998")
    }
    assert rows == {(y, code): (Decimal(accepted), Decimal(unmapped)) for y, code, accepted, unmapped in FUNCTIONS}
    for row in built.tables["fct_cost_reconciliation"]:
        assert row["difference_dkk"] == 0
        assert row["mapped_dkk"] + row["unmapped_dkk"] == row["accepted_dkk"]


@pytest.mark.parametrize("year", [2024, 2025])
def test_measures_sum_to_what_was_accepted(built: Built, year: int) -> None:
    measured = sum(row["amount"] for row in cost_rows(built, municipality_code="0998", year=year))
    accepted = sum(
        row["accepted_dkk"] for row in built.rows("fct_cost_reconciliation", municipality_code="0998", year=year)
    )
    assert measured == accepted


def test_a_superseded_delivery_counts_nowhere(built: Built) -> None:
    assert not built.rows("stg_ledger_opus__postings", document_no="old")


def test_a_trailing_minus_is_income(built: Built) -> None:
    assert built.amount("C_EL", municipality_code="0999") == Decimal(9500)


def test_a_measure_names_the_deliveries_it_came_from(built: Built) -> None:
    streams = {
        (row["delivery_id"], row["source_rows"])
        for row in built.rows("fct_measure_deliveries", municipality_code="0998", year=2025, measure_code="C_EL")
    }
    postings = {row["delivery_id"] for row in built.rows("stg_ledger_opus__postings", fiscal_year=2025)}
    vouchers = {row["delivery_id"] for row in built.tables["stg_ledger_opus__vouchers"]}
    (posting_delivery,), (voucher_delivery,) = postings, vouchers
    # one posting on the school's PSP, one on a property nobody knows (topic general), two voucher lines
    assert streams == {(posting_delivery, 1), (voucher_delivery, 2)}
    topics = {
        row["topic"] for row in built.rows("fct_measure_deliveries", delivery_id=posting_delivery, measure_code="C_EL")
    }
    assert topics == {"schools_daycare", "general"}
