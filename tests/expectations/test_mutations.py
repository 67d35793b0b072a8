"""The gate measures itself: a defect planted into good data is caught by the rule that claims it, good data by none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from expectations.evaluate import Evaluation, evaluate
from expectations.rule import SEVERITIES, Kind
from expectations.rules import RULES
from expectations.rules.costs import CLEANING, ENERGY, REST
from register.read import read_register
from tests.conftest import empty
from tests.expectations.mutations import MUTATIONS, Mutation
from tests.full_candidate import FullCandidate
from warehouse.database import connect
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def full(warehouse: Settings) -> Iterator[FullCandidate]:
    """Made once: what a test plants is rolled back."""
    candidate = FullCandidate(empty(warehouse))
    candidate.finish()
    yield candidate


def judge(candidate: FullCandidate, *kinds: Kind, planted: Mutation | None = None) -> list[Evaluation]:
    """What the rules find in each kind of edition, with a defect planted or without; nothing stays."""
    found = []
    with connect("owner", settings=candidate.settings) as connection:
        if planted is not None:
            for statement in planted.before:
                assert connection.execute(statement.encode()).rowcount > 0, statement
            candidate.compute(connection)
            for statement in planted.after:
                assert connection.execute(statement.encode()).rowcount > 0, statement
        for kind in kinds:
            with connection.transaction(force_rollback=True):
                connection.execute("set local role ejd_publisher")
                found.append(evaluate(connection, 1, RULES, kind))
        connection.rollback()
    return found


@pytest.mark.parametrize("kind", ["provisional", "final", "correction"])
def test_every_rule_looks_at_good_data_and_finds_nothing(full: FullCandidate, kind: Kind) -> None:
    (found,) = judge(full, kind)
    assert found.failures == ()
    idle = [o.rule for o in found.outcomes if o.error or not o.applies or o.rows_checked == 0]
    assert idle == []


@pytest.mark.parametrize("planted", [pytest.param(one, id=f"{one.rule}: {one.defect}") for one in MUTATIONS])
def test_a_planted_defect_is_caught_by_the_rule_that_claims_it(full: FullCandidate, planted: Mutation) -> None:
    provisional, final = judge(full, "provisional", "final", planted=planted)
    for found, severity in ((provisional, planted.severity), (final, planted.final)):
        assert {failure.rule for failure in found.failures} == {planted.rule} | planted.seen_by
        severities = {failure.severity for failure in found.failures if failure.rule == planted.rule}
        assert max(severities, key=SEVERITIES.index) == severity
        assert planted.everywhere or {failure.scope.municipality_code for failure in found.failures} == {"0991"}


def test_every_rule_and_each_of_its_severities_has_a_planted_defect() -> None:
    # Bounds and largest changes take their severity from the register: hold stands for all.
    claimed = {(one.rule, one.severity) for one in MUTATIONS}
    declared = {
        (rule.name, severity)
        for rule in RULES
        for severity in (rule.severities if rule.name not in ("bounds", "largest_change") else {"hold"})
    }
    assert claimed == declared


def test_the_parts_of_operation_are_those_of_the_register() -> None:
    assert set(read_register().components("C_DRIFT")) == {*ENERGY, *CLEANING, *REST}
