"""The page about the gate's rules has every rule and every planted defect, as they are."""

from __future__ import annotations

from expectations.rules import RULES
from tests.expectations.mutations import MUTATIONS, Mutation
from warehouse.settings import PROJECT

PAGE = PROJECT / "docs" / "gate-rules.md"
HEADING = "| rule | what it says | planted defect | severity | verdict |"


def table_rows() -> list[tuple[str, ...]]:
    lines = PAGE.read_text(encoding="utf-8").partition(HEADING)[2].split("\n\n")[0].strip().splitlines()[1:]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]


def as_row(planted: Mutation) -> tuple[str, ...]:
    (title,) = (rule.title for rule in RULES if rule.name == planted.rule)
    severity = planted.severity
    shown = severity if severity == planted.final else f"{severity}; final: {planted.final}"
    return planted.rule, title, planted.defect, shown, planted.verdict


def test_the_table_has_each_planted_defect_with_its_rule_severity_and_verdict() -> None:
    assert sorted(table_rows()) == sorted(as_row(planted) for planted in MUTATIONS)


def test_the_table_has_every_rule_in_the_order_they_run() -> None:
    assert list(dict.fromkeys(row[0] for row in table_rows())) == [rule.name for rule in RULES]
