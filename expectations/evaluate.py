"""Run every rule once over the whole candidate and keep what it found in `ops.gate_*`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from expectations.rule import SEVERITIES, Rule, Severity
from expectations.verdicts import Failure, RuleOutcome, Scope

# Publication and the gate read several audit tables; dbt replaces them one by one. ACCESS SHARE makes a build wait.
AUDIT_TABLES = (
    "fct_key_figures",
    "fct_measures",
    "fct_coverage",
    "fct_measure_deliveries",
    "fct_heat_correction",
    "fct_cost_reconciliation",
    "dim_municipalities",
    "dim_properties",
    "dim_buildings",
    "fct_area_reconciliation",
    "fct_unlinked",
    "dim_municipality_structures",
)
RESULT_TABLES = ("gate_failures", "gate_checks", "gate_results", "withheld_inputs")
WORST = "(array['info', 'warning', 'hold', 'stop'])[max(array_position(array['info', 'warning', 'hold', 'stop'], {}))]"

LOOKED_AT = """
create temporary table gate_rows (
    municipality_code text not null, topic text not null, year integer not null, key text not null,
    is_failed boolean not null, severity text not null, observed text, expected text, advice text not null,
    use_category text, measure_code text
) on commit drop
"""
COLUMNS = "municipality_code, topic, year, key, is_failed, severity, observed, expected, advice"
INPUT_COLUMNS = "use_category, measure_code"
KEEP_CHECKS = f"""
insert into ops.gate_checks
    (candidate_id, rule, severity, municipality_code, topic, year, rows_checked, rows_failed)
select %(candidate_id)s, %(rule)s, coalesce({WORST.format("case when is_failed then severity end")}, %(severity)s),
    municipality_code, topic, year, count(*), count(*) filter (where is_failed)
from gate_rows group by municipality_code, topic, year
"""
KEEP_FAILURES = """
insert into ops.gate_failures
    (candidate_id, rule, severity, municipality_code, topic, year, key, observed, expected, advice)
select %(candidate_id)s, %(rule)s, severity, municipality_code, topic, year, key, observed, expected, advice
from gate_rows where is_failed
"""
KEEP_WITHHELD = """
insert into ops.withheld_inputs (candidate_id, municipality_code, topic, use_category, measure_code, year, rule)
select distinct %(candidate_id)s, municipality_code, topic, use_category, measure_code, year, %(rule)s
from gate_rows where is_failed
"""
FAILED_SCOPES = """
select rule, severity, municipality_code, topic, year, count(*),
    (array_agg(key || ': ' || coalesce(observed, 'nothing') || ', expected ' || coalesce(expected, 'something else')
        || '; ' || advice order by key collate "C"))[1]
from ops.gate_failures where candidate_id = %s
group by 1, 2, 3, 4, 5
"""


@dataclass(frozen=True)
class Evaluation:
    """What the rules found: one outcome per declared rule, and the failures by rule, severity and scope."""

    outcomes: tuple[RuleOutcome, ...]
    failures: tuple[Failure, ...]


def lock_audit_tables(connection: psycopg.Connection) -> None:
    """Keep a build from replacing audit tables until this transaction ends; readers are not blocked."""
    connection.execute("lock table " + ", ".join(f"audit.{name}" for name in AUDIT_TABLES) + " in access share mode")


def evaluate(connection: psycopg.Connection, candidate_id: int, rules: Sequence[Rule]) -> Evaluation:
    """Run the rules, replacing what an earlier run on this candidate wrote. The caller commits."""
    for table in RESULT_TABLES:
        connection.execute(f"delete from ops.{table} where candidate_id = %s", [candidate_id])
    connection.execute(LOOKED_AT)
    outcomes = tuple(_run(connection, candidate_id, rule) for rule in rules)
    rows = connection.execute(FAILED_SCOPES, [candidate_id]).fetchall()
    failures = tuple(
        Failure(rule, severity, Scope(municipality, topic, year), count, example)
        for rule, severity, municipality, topic, year, count, example in rows
    )
    return Evaluation(outcomes, failures)


def _run(connection: psycopg.Connection, candidate_id: int, rule: Rule) -> RuleOutcome:
    try:
        with connection.transaction():
            return _run_inside(connection, candidate_id, rule)
    except psycopg.DatabaseError as error:
        if connection.closed:
            raise
        # The class says what went wrong; the message of a database error may quote a row.
        return RuleOutcome(rule.name, error=f"{type(error).__name__} ({error.sqlstate})")


def _run_inside(connection: psycopg.Connection, candidate_id: int, rule: Rule) -> RuleOutcome:
    columns = COLUMNS + (f", {INPUT_COLUMNS}" if rule.withholds_inputs else "")
    bound = {"candidate_id": candidate_id, "rule": rule.name, "severity": worst_declared(rule)}
    connection.execute("truncate gate_rows")
    connection.execute(f"insert into gate_rows ({columns}) select {columns} from ({rule.query}) looked_at", bound)
    checked, failed, undeclared = _one(
        connection,
        "select count(*), count(*) filter (where is_failed), "
        "count(*) filter (where is_failed and severity <> all(%(declared)s)) from gate_rows",
        {"declared": list(rule.severities)},
    )
    if undeclared:
        return RuleOutcome(rule.name, error="it gave a severity that it does not declare")
    connection.execute(KEEP_CHECKS, bound)
    connection.execute(KEEP_FAILURES, bound)
    if rule.withholds_inputs:
        connection.execute(KEEP_WITHHELD, bound)
    (applies,) = _one(connection, rule.applies, {})
    return RuleOutcome(rule.name, applies=applies, rows_checked=checked, rows_failed=failed)


def worst_declared(rule: Rule) -> Severity:
    """The severest a failing row of the rule can be."""
    return max(rule.severities, key=SEVERITIES.index)


def _one(connection: psycopg.Connection, query: str, bound: dict[str, object]) -> tuple:
    row = connection.execute(query.encode(), bound).fetchone()
    assert row is not None  # an aggregate gives one row
    return row
