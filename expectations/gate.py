"""The gate: run every rule over the newest candidate, have Great Expectations judge the counts, decide per scope."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from expectations.evaluate import Evaluation, evaluate, lock_audit_tables
from expectations.exceptions import GateException, read_exceptions
from expectations.rule import Kind, Rule
from expectations.rules import RULES
from expectations.suites import load_great_expectations, validate
from expectations.verdicts import RuleOutcome, Scope, ScopeVerdict, decide
from warehouse import suppression
from warehouse.database import connect
from warehouse.errors import KnownError
from warehouse.intact import require_intact
from warehouse.settings import Settings

__all__ = ["GateError", "GateReport", "decide", "run", "warm_up"]

# What a municipality that has left the configuration once delivered is still built, but no longer published.
SCOPES = """
select distinct k.municipality_code, k.topic, k.year, cast(null as text) from audit.fct_key_figures k
where exists (select from register.municipalities c where c.municipality_code = k.municipality_code)
union all
select m.municipality_code, 'property_model', 0,
    case when not exists (select from audit.dim_properties p where p.municipality_code = m.municipality_code)
        then 'no property: deliver FM data, the dimensions would be empty' end
from audit.dim_municipalities m
"""
NEWEST = "select candidate_id, state from ops.candidates order by candidate_id desc limit 1 for update"


class GateError(KnownError):
    """There is nothing the gate could judge; the message says what to do."""


@dataclass(frozen=True)
class GateReport:
    """Verdicts on one candidate; `data_docs` is the page to open."""

    candidate_id: int
    verdicts: tuple[ScopeVerdict, ...]
    outcomes: tuple[RuleOutcome, ...]
    data_docs: Path


def warm_up() -> threading.Thread:
    """Import Great Expectations in a thread, so that its seconds overlap with a build in another process."""
    thread = threading.Thread(target=load_great_expectations, name="warm-up", daemon=True)
    thread.start()
    return thread


def run(settings: Settings, rules: Sequence[Rule] = RULES, kind: Kind = "provisional") -> GateReport:
    """Judge the newest candidate and write its verdicts to `ops.gate_results`. May be repeated until it is published.

    For a final edition or a correction also after that: what was signed is mostly what is published already.

    Raises:
        ExpiredExceptionError: an exception of the gate has expired.
        RegisterError: the file of exceptions is wrong.
        GateError: the newest candidate is not one that was built to its end.
        LostBuildError: the server crashed since it was built.
    """
    exceptions = read_exceptions(settings, {rule.name for rule in rules})
    candidate_id, evaluation, scopes = evaluate_newest(settings, rules, kind, exceptions)
    # Great Expectations has a connection of its own and sees committed rows only; until the verdicts below are
    # written the candidate is not gated, so a run killed in between is simply done again.
    excepted = {one.rule for one in exceptions}
    judged = [rule.judged_for(kind, has_exceptions=rule.name in excepted) for rule in rules]
    outcomes = _with_answers(settings, judged, candidate_id, evaluation.outcomes)
    verdicts = decide(scopes, evaluation.failures, outcomes, [rule.name for rule in rules])
    write_verdicts(settings, candidate_id, verdicts)
    return GateReport(candidate_id, tuple(verdicts), outcomes, settings.data_docs / "index.html")


def evaluate_newest(
    settings: Settings,
    rules: Sequence[Rule] = RULES,
    kind: Kind = "provisional",
    exceptions: Sequence[GateException] = (),
) -> tuple[int, Evaluation, dict[Scope, str | None]]:
    """Run the rules over the newest candidate and commit what they found and what is hidden; its verdicts are gone.

    Returns:
        The candidate's id, what the rules found, and every scope with a reason where there is nothing to publish.
    """
    with connect("ejd_publisher", settings=settings) as connection:
        candidate_id = _newest_candidate(connection, kind)
        lock_audit_tables(connection)
        evaluation = evaluate(connection, candidate_id, rules, kind, exceptions)
        suppression.decide(connection, candidate_id)
        rows = connection.execute(SCOPES.encode()).fetchall()
        connection.execute(
            "update ops.candidates set state = 'built', kind = %s where candidate_id = %s", [kind, candidate_id]
        )
    return candidate_id, evaluation, {Scope(*row[:3]): row[3] for row in rows}


def _newest_candidate(connection: psycopg.Connection, kind: Kind) -> int:
    row = connection.execute(NEWEST.encode()).fetchone()
    allowed = ("built", "gated") if kind == "provisional" else ("built", "gated", "published")
    if row is None or row[1] not in allowed:
        seen = "there is none" if row is None else f"candidate {row[0]} is {row[1]}"
        raise GateError(f"no candidate to judge ({seen}): run `ejendomstal build` first.")
    require_intact(connection, row[0])
    return int(row[0])


def _with_answers(
    settings: Settings, rules: Sequence[Rule], candidate_id: int, outcomes: Sequence[RuleOutcome]
) -> tuple[RuleOutcome, ...]:
    not_applying = [outcome.rule for outcome in outcomes if not outcome.applies]
    met = validate(settings, rules, candidate_id, not_applying)
    return tuple(replace(outcome, is_met=met.get(outcome.rule)) for outcome in outcomes)


def write_verdicts(settings: Settings, candidate_id: int, verdicts: Sequence[ScopeVerdict]) -> None:
    """Replace the candidate's verdicts and mark it gated."""
    with connect("ejd_publisher", settings=settings) as connection:
        _replace_verdicts(connection, candidate_id, verdicts)


def _replace_verdicts(connection: psycopg.Connection, candidate_id: int, verdicts: Sequence[ScopeVerdict]) -> None:
    connection.execute("select from ops.candidates where candidate_id = %s for update", [candidate_id])
    connection.execute("delete from ops.gate_results where candidate_id = %s", [candidate_id])
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into ops.gate_results "
            "(candidate_id, municipality_code, topic, year, verdict, reason, rules_failed) "
            "values (%s, %s, %s, %s, %s, %s, %s)",
            [
                (candidate_id, v.municipality_code, v.topic, v.year, v.verdict, v.reason, list(v.rules_failed))
                for v in verdicts
            ],
        )
    connection.execute(
        "update ops.candidates set state = 'gated', gated_at = clock_timestamp() "
        "where candidate_id = %s and state = 'built'",
        [candidate_id],
    )
