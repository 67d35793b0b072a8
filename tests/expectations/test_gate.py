"""The whole gate on a hand-made candidate: clean data passes, each planted defect is caught by its own rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from audit_candidate import Candidate

from expectations.gate import GateError, GateReport, run
from expectations.rules import RULES
from warehouse.database import connect, role_password
from warehouse.settings import Settings

Held = set[tuple[str, str, int]]


@pytest.fixture
def candidate(clean_warehouse: Settings) -> Candidate:
    return Candidate(clean_warehouse)


def scopes(report: GateReport, verdict: str) -> Held:
    return {(v.municipality_code, v.topic, v.year) for v in report.verdicts if v.verdict == verdict}


def failed_rules(settings: Settings) -> set[tuple[str, str, str, str, int]]:
    with connect("ejd_publisher", settings=settings) as connection:
        return set(
            connection.execute(
                "select rule, severity, municipality_code, topic, year from ops.gate_failures"
            ).fetchall()
        )


def test_clean_data_is_published_without_a_warning_in_every_scope(candidate: Candidate) -> None:
    candidate.finish()
    report = run(candidate.settings)
    assert {v.verdict for v in report.verdicts} == {"publish"}
    assert len(report.verdicts) == 2 * 2 * 4 + 2  # municipalities x years x topics, and two property models
    assert all(outcome.rows_checked > 0 and outcome.is_met for outcome in report.outcomes)


def test_a_year_in_oere_holds_exactly_the_topic_of_its_use_category(candidate: Candidate) -> None:
    candidate.multiply(100, "C_RENG", "school", "0993", 2025)
    candidate.finish()
    report = run(candidate.settings)
    assert scopes(report, "hold") == {("0993", "schools_daycare", 2025)}
    with connect("ejd_publisher") as connection:
        withheld = connection.execute(
            "select municipality_code, topic, use_category, measure_code, year, rule from ops.withheld_inputs"
        ).fetchall()
    assert withheld == [("0993", "schools_daycare", "school", "C_RENG", 2025, "unit_factor")]


def test_the_year_after_a_wrong_one_is_not_held_for_falling_back(candidate: Candidate) -> None:
    for year, factor in ((2025, 100), (2026, 1), (2027, 100)):
        candidate.execute(
            "insert into audit.fct_measures select municipality_code, topic, %s, property_id, building_id, "
            "use_category, tenure, measure_code, amount, unit, status_code from audit.fct_measures where year = 2024",
            year,
        ) if year > 2025 else None
        candidate.multiply(factor, "C_RENG", "school", "0993", year)
    candidate.finish()
    held = scopes(run(candidate.settings), "hold")
    assert held == {("0993", "schools_daycare", 2025), ("0993", "schools_daycare", 2027)}


def test_a_second_wrong_year_is_held_as_well(candidate: Candidate) -> None:
    candidate.execute(
        "insert into audit.fct_measures select municipality_code, topic, 2026, property_id, building_id, "
        "use_category, tenure, measure_code, amount, unit, status_code from audit.fct_measures where year = 2025"
    )
    for year in (2025, 2026):
        candidate.multiply(100, "C_RENG", "school", "0993", year)
    candidate.finish()
    held = scopes(run(candidate.settings), "hold")
    assert held == {("0993", "schools_daycare", 2025), ("0993", "schools_daycare", 2026)}


@pytest.mark.parametrize(("factor", "is_held"), [(49.9, False), (50, True), (1 / 49.9, False), (0.02, True)])
def test_the_unit_rule_starts_at_a_factor_of_fifty(candidate: Candidate, factor: float, is_held: bool) -> None:
    candidate.multiply(factor, "C_VEDL_PL", "administration", "0991", 2025)
    candidate.finish()
    run(candidate.settings)
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
    report = run(candidate.settings)
    assert {row[0] for row in failed_rules(candidate.settings)} == rules
    assert scopes(report, "hold") == ({("0991", "schools_daycare", 2025)} if rules else set())


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
    report = run(candidate.settings)
    assert scopes(report, "hold") == {("0991", "maintenance", 2025)}
    assert scopes(report, "publish with warnings") == {("0991", "general", 2025)}
    reasons = {v.topic: v.reason or "" for v in report.verdicts if v.verdict != "publish"}
    assert "GEN-04" in reasons["general"] and "no C_VARME" in reasons["general"]
    assert "no value" in reasons["maintenance"]


def test_one_lost_oere_stops_everything(candidate: Candidate) -> None:
    candidate.finish()
    candidate.execute(
        "update audit.fct_cost_reconciliation set difference_dkk = 0.01 where municipality_code = '0991' and year = 2024"
    )
    report = run(candidate.settings)
    assert {v.verdict for v in report.verdicts} == {"hold"}
    assert all("stopped by reconciliation (0991 2024)" in (v.reason or "") for v in report.verdicts)


def test_cost_that_no_accepted_posting_explains_stops_everything(candidate: Candidate) -> None:
    candidate.finish()
    candidate.execute("delete from audit.fct_cost_reconciliation where municipality_code = '0993' and year = 2025")
    assert {v.verdict for v in run(candidate.settings).verdicts} == {"hold"}


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
    report = run(candidate.settings)
    assert ("0991", "general", 2025) in scopes(report, verdict)
    assert not scopes(report, "hold")


@pytest.mark.parametrize(("cost", "verdict"), [(36_000, "publish with warnings"), (37_000, "hold")])
def test_cost_without_area_is_held_from_a_tenth_of_the_money(candidate: Candidate, cost: int, verdict: str) -> None:
    # the school has 330,000 DKK: 36,000 are 9.8 pct of the whole, 37,000 are 10.1 pct
    candidate.execute(
        "insert into audit.fct_measures values "
        "('0991', 'schools_daycare', 2025, '0991-S2', null, 'school', 'owned', 'C_RENG', %s, 'DKK', '')",
        cost,
    )
    candidate.finish()
    report = run(candidate.settings)
    assert ("0991", "schools_daycare", 2025) in scopes(report, verdict)
    assert {row[0] for row in failed_rules(candidate.settings)} == {"area_present"}


def test_a_municipality_without_properties_keeps_its_property_model_back(candidate: Candidate) -> None:
    candidate.finish()
    candidate.execute("delete from audit.dim_properties where municipality_code = '0991'")
    assert scopes(run(candidate.settings), "hold") == {("0991", "property_model", 0)}


def test_a_rule_whose_query_breaks_holds_everything_and_the_others_still_run(candidate: Candidate) -> None:
    candidate.finish()
    broken = replace(RULES[1], query="select no_such_column from audit.fct_key_figures")
    report = run(candidate.settings, (RULES[0], broken, *RULES[2:]))
    assert {v.verdict for v in report.verdicts} == {"hold"}
    assert all("rule bounds broke with UndefinedColumn" in (v.reason or "") for v in report.verdicts)
    assert sum(outcome.rows_checked > 0 for outcome in report.outcomes) == len(RULES) - 1


def test_a_broken_rule_does_not_quote_a_row(candidate: Candidate) -> None:
    candidate.finish()
    broken = replace(RULES[1], query="select cast(unit as integer) from audit.fct_key_figures")
    report = run(candidate.settings, (broken,))
    assert "DKK/m2" not in str(report)


def test_a_rule_that_looked_at_nothing_holds_everything(candidate: Candidate) -> None:
    candidate.finish()
    idle = replace(RULES[1], query=f"select * from ({RULES[1].query}) x where false")
    report = run(candidate.settings, (RULES[0], idle, *RULES[2:]))
    assert {v.verdict for v in report.verdicts} == {"hold"}
    assert all("rule bounds looked at no row" in (v.reason or "") for v in report.verdicts)


def test_rules_about_money_do_not_hold_a_candidate_without_accounts(candidate: Candidate) -> None:
    candidate.execute("delete from audit.fct_measures where measure_code like 'C\\_%%'")
    candidate.finish()
    candidate.execute("delete from audit.fct_key_figures where numerator is null")
    report = run(candidate.settings)
    assert {v.topic for v in report.verdicts if v.verdict == "publish"} >= {"general", "administration"}
    assert {o.rule for o in report.outcomes if not o.applies} == {"unit_factor", "reconciliation", "unmapped_share"}


def test_judging_the_same_candidate_again_leaves_the_same_rows(candidate: Candidate) -> None:
    candidate.multiply(100, "C_RENG", "school", "0993", 2025)
    candidate.finish()
    tables = ("gate_checks", "gate_failures", "withheld_inputs")

    def counts() -> list[int]:
        with connect("ejd_publisher") as connection:
            return [connection.execute(f"select count(*) from ops.{t}").fetchone()[0] for t in tables]

    first, rows = run(candidate.settings).verdicts, counts()
    assert (run(candidate.settings).verdicts, counts()) == (first, rows)


def test_without_a_built_candidate_the_gate_says_what_to_do(clean_warehouse: Settings) -> None:
    with pytest.raises(GateError, match="run `ejendomstal build` first"):
        run(clean_warehouse)


def test_data_docs_are_written_and_hold_no_password(candidate: Candidate) -> None:
    candidate.finish()
    report = run(candidate.settings)
    assert report.data_docs.is_file()
    pages = "".join(page.read_text() for page in report.data_docs.parent.rglob("*.html"))
    assert "unit_factor__rows_checked" in pages
    assert role_password("ejd_publisher", candidate.settings) not in pages
