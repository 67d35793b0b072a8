"""A candidate is judged for a kind of edition, and `gate show` tells what was found."""

from __future__ import annotations

import pytest

from expectations.gate import run
from expectations.rule import Rule
from expectations.rules import RULES
from tests.audit_candidate import Candidate
from tests.warehouse.test_cli_sources import call
from warehouse.database import connect
from warehouse.settings import Settings

# The administration's whole rest of operation is an income of 5,000 DKK.
NEGATIVE_REST = (
    "insert into audit.fct_measures values "
    "('0991', 'administration', 2025, '0991-T1', null, 'administration', 'owned', 'C_OEVR', -5000, 'DKK', '')"
)


@pytest.fixture
def candidate(clean_warehouse: Settings) -> Candidate:
    made = Candidate(clean_warehouse)
    with connect("ejd_loader", settings=clean_warehouse) as connection:
        connection.execute(
            "insert into register.measures values ('C_OEVR', 'C_OEVR', 'C_OEVR', 'DKK', 'cost', 'property', 'x')"
        )
    made.execute(NEGATIVE_REST)
    made.finish()
    return made


def test_the_same_rule_warns_in_a_provisional_and_holds_in_a_final_edition(candidate: Candidate) -> None:
    verdicts = {}
    for kind in ("provisional", "final", "correction"):
        report = run(candidate.settings, kind=kind)
        verdicts[kind] = {v.verdict for v in report.verdicts if v.topic == "administration" and v.year == 2025}
        with connect("ejd_publisher") as connection:
            assert connection.execute("select kind from ops.candidates").fetchall() == [(kind,)]
        assert all(outcome.is_met == (outcome.rows_failed == 0) for outcome in report.outcomes)
    assert verdicts == {
        "provisional": {"publish", "publish with warnings"},
        "final": {"publish", "hold"},
        "correction": {"publish", "hold"},
    }


def test_gate_show_tells_the_rows_that_were_found_and_only_those_asked_for(candidate: Candidate) -> None:
    assert "No candidate has been judged" in call("gate", "show")
    call("gate", "--kind", "final")
    printed = call("gate", "show")
    assert "for a final edition" in printed
    assert "hold: 0991 administration 2025: rest_item" in printed
    for words in ("rest of operation of administration", "-5000 DKK", "at least 0 DKK", "look for income"):
        assert words in printed
    nothing = call("gate", "show", "--municipality", "0993")
    assert "rest_item" not in nothing
    assert "9 publish" in nothing
    assert "rest_item" in call("gate", "show", "--rule", "rest_item", "--topic", "administration", "--year", "2025")


def test_readers_see_the_failing_rows_of_the_candidate_judged_last(candidate: Candidate) -> None:
    candidate.judge()
    rows = "select municipality_code, topic, year, rule, severity, key, decided_at is not null from marts.data_quality"
    expected = [("0991", "administration", 2025, "rest_item", "warning", "rest of operation of administration", True)]
    with connect("ejd_analyst") as connection:
        assert connection.execute(rows).fetchall() == expected
    candidate.mark_built()
    with connect("ejd_analyst") as connection:
        assert connection.execute(rows).fetchall() == expected


def test_final_severities_are_those_of_the_rule_and_severer(candidate: Candidate) -> None:
    with pytest.raises(ValueError, match="severer"):
        Rule("x", "x", frozenset({"hold"}), "select true", "select 1", final={"hold": "warning"})
    with pytest.raises(ValueError, match="severer"):
        Rule("x", "x", frozenset({"hold"}), "select true", "select 1", final={"info": "warning"})
    assert {rule.name for rule in RULES if rule.final} >= {"area_change", "rest_item", "periods", "property_cost"}
