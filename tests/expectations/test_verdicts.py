"""Verdicts are decided by worst severity, and by no rule being broken, silent or idle. No database."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.rule import Severity
from expectations.verdicts import Failure, RuleOutcome, Scope, decide

SCHOOLS = Scope("0991", "schools_daycare", 2025)
GENERAL = Scope("0991", "general", 2025)
OTHER = Scope("0992", "schools_daycare", 2025)
SCOPES = dict.fromkeys((SCHOOLS, GENERAL, OTHER))


def failure(severity: Severity, scope: Scope = SCHOOLS, rule: str = "bounds", rows: int = 1) -> Failure:
    return Failure(rule, severity, scope, rows, "SKO-01: 3 m2, expected 8 to 40")


def outcome(rule: str = "bounds", **changed: Any) -> RuleOutcome:
    return RuleOutcome(rule, **{"rows_checked": 10, "rows_failed": 0, "is_met": True} | changed)


def verdicts(failures: list[Failure], outcomes: list[RuleOutcome] | None = None) -> dict[Scope, str]:
    decided = decide(SCOPES, failures, outcomes or [outcome()], ["bounds"])
    return {Scope(v.municipality_code, v.topic, v.year): v.verdict for v in decided}


def test_without_failures_everything_is_published() -> None:
    assert set(verdicts([]).values()) == {"publish"}


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        (["info"], "publish"),
        (["warning"], "publish with warnings"),
        (["hold"], "hold"),
        (["info", "warning"], "publish with warnings"),
        (["hold", "warning", "info"], "hold"),
    ],
)
def test_the_worst_failure_of_a_scope_decides_about_that_scope_only(severities: list[Severity], verdict: str) -> None:
    decided = verdicts([failure(severity) for severity in severities])
    assert decided == {SCHOOLS: verdict, GENERAL: "publish", OTHER: "publish"}


def test_a_stop_holds_every_scope_and_names_its_place() -> None:
    decided = decide(SCOPES, [failure("stop", GENERAL, "reconciliation")], [outcome()], ["bounds"])
    assert {v.verdict for v in decided} == {"hold"}
    assert all(v.reason and v.reason.startswith("everything is stopped by reconciliation (0991 2025)") for v in decided)


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [
        (outcome(error="UndefinedColumn (42703)"), "rule bounds broke with UndefinedColumn (42703)"),
        (outcome(rows_checked=0), "rule bounds looked at no row"),
        (outcome(is_met=None), "rule bounds has no result in Great Expectations"),
        (outcome(is_met=False), "rule bounds has another result in Great Expectations than in ops.gate_checks"),
        (outcome(rows_failed=2), "rule bounds has another result in Great Expectations than in ops.gate_checks"),
        (outcome(rule="coverage"), "rule bounds did not run"),
    ],
)
def test_a_rule_that_cannot_be_relied_on_holds_everything(faulty: RuleOutcome, reason: str) -> None:
    decided = decide(SCOPES, [], [faulty], ["bounds"])
    assert {v.verdict for v in decided} == {"hold"}
    assert {v.reason for v in decided} == {f"the gate cannot be relied on: {reason}"}


def test_a_rule_about_nothing_in_the_candidate_may_look_at_nothing() -> None:
    assert set(verdicts([], [outcome(applies=False, rows_checked=0)]).values()) == {"publish"}


def test_a_scope_with_nothing_in_it_is_held_with_its_reason() -> None:
    (decided,) = decide({SCHOOLS: "no property"}, [], [outcome()], ["bounds"])
    assert (decided.verdict, decided.reason) == ("hold", "no property")


def test_the_reason_is_the_worst_failures_and_the_rules_are_all_that_failed() -> None:
    failures = [failure("warning", rule="coverage"), failure("hold", rows=3), failure("info", rule="note")]
    decided = {v.topic: v for v in decide(SCOPES, failures, [outcome(rows_failed=3, is_met=False)], ["bounds"])[:2]}
    schools = decided["schools_daycare"]
    assert schools.reason == "bounds: SKO-01: 3 m2, expected 8 to 40 (and 2 more)"
    assert schools.rules_failed == ("bounds", "coverage")
    assert decided["general"].reason is None


def test_a_reason_names_the_rule_that_runs_first_before_its_consequences() -> None:
    failures = [failure("hold"), failure("hold", rule="unit_factor")]
    outcomes = [outcome("unit_factor"), outcome()]
    (decided,) = decide({SCHOOLS: None}, failures, outcomes, ["unit_factor", "bounds"])
    assert decided.reason is not None
    assert decided.reason.startswith("unit_factor: ")
