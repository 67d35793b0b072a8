"""Each rule on a hand-made candidate: it catches its planted defect and nothing else."""

from __future__ import annotations

import pytest

from expectations.verdicts import ScopeVerdict
from tests.audit_candidate import Candidate
from warehouse.database import connect
from warehouse.settings import Settings

Held = set[tuple[str, str, int]]


@pytest.fixture
def candidate(clean_warehouse: Settings) -> Candidate:
    return Candidate(clean_warehouse)


def scopes(verdicts: list[ScopeVerdict], verdict: str) -> Held:
    return {(v.municipality_code, v.topic, v.year) for v in verdicts if v.verdict == verdict}


def failed_rules(settings: Settings) -> set[tuple[str, str, str, str, int]]:
    with connect("ejd_publisher", settings=settings) as connection:
        return set(
            connection.execute(
                "select rule, severity, municipality_code, topic, year from ops.gate_failures"
            ).fetchall()
        )


def test_a_year_in_oere_holds_exactly_the_topic_of_its_use_category(candidate: Candidate) -> None:
    candidate.multiply(100, "C_RENG", "school", "0993", 2025)
    candidate.finish()
    verdicts = candidate.judge()
    assert scopes(verdicts, "hold") == {("0993", "schools_daycare", 2025)}
    with connect("ejd_publisher") as connection:
        withheld = connection.execute(
            "select municipality_code, topic, use_category, measure_code, year, rule from ops.withheld_inputs"
        ).fetchall()
    assert withheld == [("0993", "schools_daycare", "school", "C_RENG", 2025, "unit_factor")]


def test_the_year_after_a_wrong_one_is_not_held_for_falling_back(candidate: Candidate) -> None:
    candidate.copy_year(2025, 2026)
    candidate.multiply(100, "C_RENG", "school", "0993", 2025)
    candidate.finish()
    assert scopes(candidate.judge(), "hold") == {("0993", "schools_daycare", 2025)}


def test_a_second_wrong_year_is_held_as_well(candidate: Candidate) -> None:
    candidate.copy_year(2025, 2026)
    for year in (2025, 2026):
        candidate.multiply(100, "C_RENG", "school", "0993", year)
    candidate.finish()
    held = scopes(candidate.judge(), "hold")
    assert held == {("0993", "schools_daycare", 2025), ("0993", "schools_daycare", 2026)}


@pytest.mark.parametrize(("factor", "is_held"), [(49.9, False), (50, True), (1 / 49.9, False), (0.02, True)])
def test_the_unit_rule_starts_at_a_factor_of_fifty(candidate: Candidate, factor: float, is_held: bool) -> None:
    candidate.multiply(factor, "C_VEDL_PL", "administration", "0991", 2025)
    candidate.finish()
    candidate.judge()
    failed = ("unit_factor", "hold", "0991", "administration", 2025) in failed_rules(candidate.settings)
    assert failed is is_held


@pytest.mark.parametrize(
    ("pupils", "rules"),
    [(20, {"bounds", "largest_change"}), (30, {"largest_change"}), (40, set()), (200, {"bounds", "largest_change"})],
)
def test_bounds_and_largest_change_come_from_the_register(candidate: Candidate, pupils: int, rules: set[str]) -> None:
    # 1,000 m2 for 50, 33, 25 and 5 m2 a pupil; allowed are 8 to 40 and a change of 40 pct from 20
    candidate.multiply(pupils / 50, "N_ELEV", "school", "0991", 2025)
    candidate.finish()
    verdicts = candidate.judge()
    assert {row[0] for row in failed_rules(candidate.settings)} == rules
    assert scopes(verdicts, "hold") == ({("0991", "schools_daycare", 2025)} if rules else set())


def test_a_figure_without_input_is_a_warning_and_a_topic_without_any_value_is_held(candidate: Candidate) -> None:
    candidate.execute(
        "update audit.fct_measures set amount = null, status_code = 'x' "
        "where municipality_code = '0991' and year = 2025 and measure_code in ('C_VEDL_PL')"
    )
    candidate.finish()
    candidate.execute(
        "update audit.fct_key_figures set value = null, status_code = 'x', reason = 'no C_VARME' "
        "where municipality_code = '0991' and year = 2025 and key_figure_code = 'GEN-04'"
    )
    verdicts = candidate.judge()
    assert scopes(verdicts, "hold") == {("0991", "maintenance", 2025)}
    assert scopes(verdicts, "publish with warnings") == {("0991", "general", 2025)}
    reasons = {v.topic: v.reason or "" for v in verdicts if v.verdict != "publish"}
    assert "GEN-04" in reasons["general"] and "no C_VARME" in reasons["general"]
    assert "no value" in reasons["maintenance"]


def test_one_lost_oere_stops_everything(candidate: Candidate) -> None:
    candidate.finish()
    candidate.execute(
        "update audit.fct_cost_reconciliation set difference_dkk = 0.01 "
        "where municipality_code = '0991' and year = 2024"
    )
    verdicts = candidate.judge()
    assert {v.verdict for v in verdicts} == {"hold"}
    assert all("stopped by reconciliation (0991 2024)" in (v.reason or "") for v in verdicts)


def test_money_without_a_function_is_reconciled_like_other_money(candidate: Candidate) -> None:
    candidate.finish()
    candidate.execute("update audit.fct_cost_reconciliation set function_code = null where year = 2024")
    assert {v.verdict for v in candidate.judge()} == {"publish"}
    candidate.execute("update audit.fct_cost_reconciliation set difference_dkk = 0.01 where function_code is null")
    assert {v.verdict for v in candidate.judge()} == {"hold"}


def test_cost_that_no_accepted_posting_explains_stops_everything(candidate: Candidate) -> None:
    candidate.finish()
    candidate.execute("delete from audit.fct_cost_reconciliation where municipality_code = '0993' and year = 2025")
    assert {v.verdict for v in candidate.judge()} == {"hold"}


@pytest.mark.parametrize(("unmapped", "verdict"), [(140_000, "publish"), (150_000, "publish with warnings")])
def test_more_than_a_quarter_of_the_money_unmapped_is_a_warning(
    candidate: Candidate, unmapped: int, verdict: str
) -> None:
    # 440,000 DKK are mapped: 140,000 are 24 pct of the whole, 150,000 are 25.4 pct
    candidate.execute(
        "insert into audit.fct_measures values "
        "('0991', 'general', 2025, null, null, 'none', 'none', 'C_UMAPPED', %s, 'DKK', '')",
        unmapped,
    )
    candidate.finish()
    verdicts = candidate.judge()
    assert ("0991", "general", 2025) in scopes(verdicts, verdict)
    assert not scopes(verdicts, "hold")


@pytest.mark.parametrize(("cost", "verdict"), [(36_000, "publish with warnings"), (37_000, "hold")])
def test_cost_without_area_is_held_from_a_tenth_of_the_money(candidate: Candidate, cost: int, verdict: str) -> None:
    # the school has 330,000 DKK: 36,000 are 9.8 pct of the whole, 37,000 are 10.1 pct
    candidate.execute(
        "insert into audit.fct_measures values "
        "('0991', 'schools_daycare', 2025, '0991-S2', null, 'school', 'owned', 'C_RENG', %s, 'DKK', '')",
        cost,
    )
    candidate.finish()
    verdicts = candidate.judge()
    assert ("0991", "schools_daycare", 2025) in scopes(verdicts, verdict)
    assert {row[0] for row in failed_rules(candidate.settings)} == {"area_present"}


def test_cost_of_a_let_out_property_stands_on_its_let_out_area(candidate: Candidate) -> None:
    candidate.execute(
        "insert into audit.fct_measures values "
        "('0991', 'schools_daycare', 2025, '0991-S2', null, 'school', 'let_out', 'C_RENG', 40000, 'DKK', ''), "
        "('0991', 'schools_daycare', 2025, '0991-S2', null, 'school', 'let_out', 'A_UDLEJET', 200, 'm2', '')"
    )
    candidate.finish()
    assert {v.verdict for v in candidate.judge()} == {"publish"}


def test_a_municipality_without_properties_keeps_its_property_model_back(candidate: Candidate) -> None:
    candidate.finish()
    candidate.execute("delete from audit.dim_properties where municipality_code = '0991'")
    assert scopes(candidate.judge(), "hold") == {("0991", "property_model", 0)}
