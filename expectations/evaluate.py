"""Run every rule once over the whole candidate and keep what it found in `ops.gate_*`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from expectations.exceptions import HEADING, GateException
from expectations.rule import SEVERITIES, Kind, Rule, Severity
from expectations.verdicts import Failure, RuleOutcome, Scope

# Publication and the gate read several audit tables; dbt replaces them one by one. ACCESS SHARE makes a build wait.
AUDIT_TABLES = (
    "fct_key_figures",
    "fct_measures",
    "fct_measure_contents",
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
# What rules read of the layers below; a build replaces these as well.
LOWER_TABLES = (
    "intermediate.int_costs__accepted",
    "intermediate.int_costs__allocated",
    "intermediate.int_leases__placed",
    "intermediate.int_posting_deliveries__counted",
    "staging.stg_statbank__regk31",
)
RESULT_TABLES = ("gate_failures", "gate_checks", "gate_results", "withheld_inputs")
WORST = "(array['info', 'warning', 'hold', 'stop'])[max(array_position(array['info', 'warning', 'hold', 'stop'], {}))]"

# Most rules look at sums: the measures are read for them once.
SUMS = """
create temporary table gate_sums on commit drop as
select m.municipality_code, m.topic, m.use_category, m.tenure, m.measure_code, r.kind, m.unit, m.year,
    sum(m.amount) as amount
from audit.fct_measures m
join register.measures r using (measure_code)
group by m.municipality_code, m.topic, m.use_category, m.tenure, m.measure_code, r.kind, m.unit, m.year
"""
LOOKED_AT = """
create temporary table gate_rows (
    municipality_code text not null, topic text not null, year integer not null, key text not null,
    is_failed boolean not null, severity text not null, observed text, expected text, advice text not null,
    use_category text, measure_code text, exception_reason text
) on commit drop
"""
EXCEPTIONS = """
create temporary table gate_exceptions (
    rule text, municipality_code text, topic text, year text, key text, reason text, owner text, until date
) on commit drop
"""
EXCEPT = """
update gate_rows r set severity = 'info', exception_reason = e.reason || ' (' || e.owner || ', until ' || e.until || ')'
from gate_exceptions e
where r.is_failed and e.rule = %(rule)s and e.municipality_code = r.municipality_code
    and e.topic in (r.topic, '*') and e.year in (cast(r.year as text), '*') and e.key in (r.key, '*')
"""
# `from_severities[i]` becomes `to_severities[i]`.
ESCALATE = """
update gate_rows
set severity = (%(to_severities)s::text[])[array_position(%(from_severities)s::text[], severity)]
where is_failed and severity = any(%(from_severities)s::text[])
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
    (candidate_id, rule, severity, municipality_code, topic, year, key, observed, expected, advice, exception_reason)
select %(candidate_id)s, %(rule)s, severity, municipality_code, topic, year, key, observed, expected, advice,
    exception_reason
from gate_rows where is_failed
"""
KEEP_WITHHELD = """
insert into ops.withheld_inputs (candidate_id, municipality_code, topic, use_category, measure_code, year, rule)
select distinct %(candidate_id)s, municipality_code, topic, use_category, measure_code, year, %(rule)s
from gate_rows where is_failed and exception_reason is null
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


def evaluate(
    connection: psycopg.Connection,
    candidate_id: int,
    rules: Sequence[Rule],
    kind: Kind = "provisional",
    exceptions: Sequence[GateException] = (),
) -> Evaluation:
    """Run the rules, replacing what an earlier run on this candidate wrote. The caller commits."""
    connection.execute(f"lock table {', '.join(LOWER_TABLES)} in access share mode")
    for table in RESULT_TABLES:
        connection.execute(f"delete from ops.{table} where candidate_id = %s", [candidate_id])
    for statement in (SUMS, "analyze gate_sums", LOOKED_AT, EXCEPTIONS):
        connection.execute(statement.encode())
    with connection.cursor() as cursor:
        places = ", ".join("%s" for _ in HEADING)
        cursor.executemany(f"insert into gate_exceptions values ({places})", [one.as_row() for one in exceptions])
    excepted = {one.rule for one in exceptions}
    outcomes = tuple(_run(connection, candidate_id, rule, kind, rule.name in excepted) for rule in rules)
    rows = connection.execute(FAILED_SCOPES, [candidate_id]).fetchall()
    failures = tuple(
        Failure(rule, severity, Scope(municipality, topic, year), count, example)
        for rule, severity, municipality, topic, year, count, example in rows
    )
    return Evaluation(outcomes, failures)


def _run(connection: psycopg.Connection, candidate_id: int, rule: Rule, kind: Kind, is_excepted: bool) -> RuleOutcome:
    try:
        with connection.transaction():
            return _run_inside(connection, candidate_id, rule, kind, is_excepted)
    except psycopg.DatabaseError as error:
        if connection.closed:
            raise
        # The class says what went wrong; the message of a database error may quote a row.
        return RuleOutcome(rule.name, error=f"{type(error).__name__} ({error.sqlstate})")


def _run_inside(
    connection: psycopg.Connection, candidate_id: int, rule: Rule, kind: Kind, is_excepted: bool
) -> RuleOutcome:
    columns = COLUMNS + (f", {INPUT_COLUMNS}" if rule.withholds_inputs else "")
    bound = {"candidate_id": candidate_id, "rule": rule.name, "severity": worst_declared(rule.judged_for(kind))}
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
    if failed:
        _adjust_severities(connection, rule, kind, is_excepted)
    connection.execute(KEEP_CHECKS, bound)
    connection.execute(KEEP_FAILURES, bound)
    if rule.withholds_inputs:
        connection.execute(KEEP_WITHHELD, bound)
    (applies,) = _one(connection, rule.applies, {"candidate_id": candidate_id})
    return RuleOutcome(rule.name, applies=applies, rows_checked=checked, rows_failed=failed)


def _adjust_severities(connection: psycopg.Connection, rule: Rule, kind: Kind, is_excepted: bool) -> None:
    """Severer in a final edition; `info` where an exception is made."""
    if kind != "provisional" and rule.final:
        bound = {"from_severities": list(rule.final), "to_severities": list(rule.final.values())}
        connection.execute(ESCALATE.encode(), bound)
    if is_excepted:
        connection.execute(EXCEPT.encode(), {"rule": rule.name})


def worst_declared(rule: Rule) -> Severity:
    """The severest a failing row of the rule can be."""
    return max(rule.severities, key=SEVERITIES.index)


def _one(connection: psycopg.Connection, query: str, bound: dict[str, object]) -> tuple:
    row = connection.execute(query.encode(), bound).fetchone()
    assert row is not None  # an aggregate gives one row
    return row
