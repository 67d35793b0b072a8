"""The suite that Great Expectations runs is built from the rules, and it fails where the rules do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from expectations.gate import evaluate_newest
from expectations.rule import Rule
from expectations.rules import RULES
from expectations.suites import build_suite, load_great_expectations, validate
from tests.audit_candidate import Candidate
from warehouse.database import connect
from warehouse.settings import Settings


def test_every_rule_has_one_expectation_per_severity_and_one_that_it_ran() -> None:
    load_great_expectations().get_context(mode="ephemeral")  # a suite asks for a context
    suite = build_suite(RULES, not_applying=["unit_factor"])
    expected = [(rule.name, len(rule.severities) + 1) for rule in RULES]
    found = [one.meta["rule"] for one in suite.expectations]
    assert [(rule.name, found.count(rule.name)) for rule in RULES] == expected
    severities = {one.column: str(one.severity.value) for one in suite.expectations}
    assert severities["reconciliation__stop"] == severities["bounds__hold"] == "critical"
    assert severities["coverage__warning"] == "warning"
    assert severities["bounds__info"] == "info"
    assert severities["coverage__rows_checked"] == "critical"
    least = {one.column: one.min_value for one in suite.expectations}
    assert (least["unit_factor__rows_checked"], least["bounds__rows_checked"]) == (0, 1)


def not_applying(settings: Settings) -> list[str]:
    _, evaluation, _ = evaluate_newest(settings)
    return [outcome.rule for outcome in evaluation.outcomes if not outcome.applies]


def test_great_expectations_answers_per_rule(clean_warehouse: Settings) -> None:
    candidate = Candidate(clean_warehouse)
    candidate.multiply(100, "C_RENG", "school", "0993", 2025)
    candidate_id = candidate.finish()
    met = validate(clean_warehouse, RULES, candidate_id, not_applying(clean_warehouse))
    assert set(met) == {rule.name for rule in RULES}
    not_met = {name for name, is_met in met.items() if not is_met}
    assert not_met == {"unit_factor", "bounds", "largest_change", "withheld"}


def test_a_rule_without_counts_is_not_met(clean_warehouse: Settings) -> None:
    candidate = Candidate(clean_warehouse)
    candidate_id = candidate.finish()
    exempt = not_applying(clean_warehouse)
    with connect("ejd_publisher") as connection:
        connection.execute("delete from ops.gate_checks where rule = 'coverage'")
    met = validate(clean_warehouse, RULES, candidate_id, exempt)
    assert [name for name, is_met in met.items() if not is_met] == ["coverage"]


def test_an_expectation_that_raises_is_no_answer(clean_warehouse: Settings) -> None:
    candidate = Candidate(clean_warehouse)
    candidate_id = candidate.finish()
    evaluate_newest(clean_warehouse)
    with connect("owner") as connection:
        connection.execute("revoke select on ops.gate_checks from ejd_publisher")
    try:
        assert validate(clean_warehouse, RULES, candidate_id) == {}
    finally:
        with connect("owner") as connection:
            connection.execute("grant select on ops.gate_checks to ejd_publisher")


def test_a_server_that_is_gone_is_told_as_a_lost_connection(tmp_path: Path) -> None:
    nobody = "postgresql://ejd_owner:x@127.0.0.1:1/ejendomstal"
    gone = Settings(home=tmp_path, config=tmp_path, database_url=nobody, role_password="x")
    with pytest.raises(psycopg.OperationalError, match="connection"):
        validate(gone, RULES, 1)


@pytest.mark.parametrize(("name", "severities"), [("two words", {"hold"}), ("bounds", {"fatal"}), ("bounds", set())])
def test_a_wrong_declaration_is_refused(name: str, severities: set) -> None:
    with pytest.raises(ValueError, match="rule"):
        Rule(name, "title", frozenset(severities), "select true", "select 1")


def test_importing_the_gate_does_not_import_great_expectations() -> None:
    program = "import sys, expectations.gate; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_telemetry_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from expectations.suites import load_great_expectations

    monkeypatch.setenv("GX_ANALYTICS_ENABLED", "true")
    load_great_expectations()
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
