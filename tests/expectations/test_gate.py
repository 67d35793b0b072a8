"""The whole gate with Great Expectations on a hand-made candidate: what passes, and what a broken rule does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.gate import GateError, run
from expectations.rules import RULES
from tests.audit_candidate import Candidate
from warehouse.database import connect, role_password
from warehouse.settings import Settings


@pytest.fixture
def candidate(clean_warehouse: Settings) -> Candidate:
    return Candidate(clean_warehouse)


def test_clean_data_is_published_without_a_warning_in_every_scope(candidate: Candidate) -> None:
    candidate.finish()
    report = run(candidate.settings)
    assert {v.verdict for v in report.verdicts} == {"publish"}
    assert len(report.verdicts) == 2 * 2 * 4 + 2  # municipalities x years x topics, and two property models
    assert all(outcome.is_met and (outcome.rows_checked > 0) == outcome.applies for outcome in report.outcomes)


def test_a_rule_whose_query_breaks_holds_everything_and_the_others_still_run(candidate: Candidate) -> None:
    candidate.finish()
    broken = replace(RULES[1], query="select no_such_column from audit.fct_key_figures")
    report = run(candidate.settings, (RULES[0], broken, *RULES[2:]))
    assert {v.verdict for v in report.verdicts} == {"hold"}
    assert all("rule bounds broke with UndefinedColumn" in (v.reason or "") for v in report.verdicts)
    assert [o.rule for o in report.outcomes if o.applies and o.rows_checked == 0] == ["bounds"]


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
    not_applying = {o.rule for o in report.outcomes if not o.applies}
    assert not_applying >= {"unit_factor", "reconciliation", "unmapped_share", "property_cost"}


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
