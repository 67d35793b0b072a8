"""From what the rules found to a verdict per municipality, topic and year. No database, no Great Expectations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from expectations.rule import SEVERITIES, Severity

Verdict = Literal["publish", "publish with warnings", "hold"]
# A reader wants to know what is wrong, not everything that is wrong; the rest is in ops.gate_failures.
SHOWN_FAILURES = 3


class Scope(NamedTuple):
    """What is published or held as one: topic `property_model` with year 0 holds the dimensions."""

    municipality_code: str
    topic: str
    year: int


@dataclass(frozen=True)
class Failure:
    """Failing rows of one rule with one severity in one scope; `example` is the first of them in words."""

    rule: str
    severity: Severity
    scope: Scope
    rows: int
    example: str


@dataclass(frozen=True)
class RuleOutcome:
    """How a rule ran.

    `error` is set when it raised. `applies` is False when the candidate holds nothing the rule is about.
    `is_met` is Great Expectations' answer to the same question, None when it gave none.
    """

    rule: str
    error: str | None = None
    applies: bool = True
    rows_checked: int = 0
    rows_failed: int = 0
    is_met: bool | None = None

    def fault(self) -> str | None:
        """Why the rule cannot be relied on, or None."""
        if self.error is not None:
            return f"rule {self.rule} broke with {self.error}"
        if self.applies and self.rows_checked == 0:
            return f"rule {self.rule} looked at no row"
        if self.is_met is None:
            return f"rule {self.rule} has no result in Great Expectations"
        if self.is_met != (self.rows_failed == 0):
            return f"rule {self.rule} has another result in Great Expectations than in ops.gate_checks"
        return None


@dataclass(frozen=True)
class ScopeVerdict:
    """The verdict on one scope, and why it is not plain `publish`."""

    municipality_code: str
    topic: str
    year: int
    verdict: Verdict
    reason: str | None
    rules_failed: tuple[str, ...]


def decide(
    scopes: Mapping[Scope, str | None],
    failures: Iterable[Failure],
    outcomes: Sequence[RuleOutcome],
    declared: Sequence[str],
) -> list[ScopeVerdict]:
    """Judge every scope by its worst failure; a rule that cannot be relied on, or a `stop`, holds everything.

    Args:
        scopes: every scope of the candidate, with a reason when there is nothing in it to publish.
        failures: what the rules found.
        outcomes: how each rule ran.
        declared: names of the rules that should have run, in the order they run: a reason names causes (inputs)
            before consequences (figures).
    """
    order = {name: position for position, name in enumerate(declared)}
    failures = sorted(failures, key=lambda failure: (order.get(failure.rule, len(order)), failure.scope))
    stopped = _everything_held(failures, outcomes, declared)
    by_scope: dict[Scope, list[Failure]] = {}
    for failure in failures:
        by_scope.setdefault(failure.scope, []).append(failure)
    return [_judge(scope, scopes[scope], by_scope.get(scope, []), stopped) for scope in sorted(scopes)]


def _everything_held(
    failures: Sequence[Failure], outcomes: Sequence[RuleOutcome], declared: Iterable[str]
) -> str | None:
    missing = sorted(set(declared) - {outcome.rule for outcome in outcomes})
    faults = [f"rule {name} did not run" for name in missing]
    faults += [fault for outcome in outcomes if (fault := outcome.fault())]
    if faults:
        return "the gate cannot be relied on: " + "; ".join(faults)
    stops = [failure for failure in failures if failure.severity == "stop"]
    if stops:
        return "everything is stopped by " + _in_words(stops, with_scope=True)
    return None


def _judge(scope: Scope, empty: str | None, failures: Sequence[Failure], stopped: str | None) -> ScopeVerdict:
    rules = tuple(sorted({failure.rule for failure in failures if failure.severity != "info"}))
    worst = max((SEVERITIES.index(failure.severity) for failure in failures), default=0)
    if stopped or empty:
        return ScopeVerdict(*scope, "hold", stopped or empty, rules)
    if SEVERITIES[worst] == "info":
        return ScopeVerdict(*scope, "publish", None, rules)
    reason = _in_words([failure for failure in failures if failure.severity == SEVERITIES[worst]])
    return ScopeVerdict(*scope, "hold" if SEVERITIES[worst] == "hold" else "publish with warnings", reason, rules)


def _in_words(failures: Sequence[Failure], *, with_scope: bool = False) -> str:
    shown = []
    for failure in failures[:SHOWN_FAILURES]:
        place = f" ({failure.scope.municipality_code} {failure.scope.year})" if with_scope else ""
        more = f" (and {failure.rows - 1} more)" if failure.rows > 1 else ""
        shown.append(f"{failure.rule}{place}: {failure.example}{more}")
    if len(failures) > SHOWN_FAILURES:
        shown.append(f"and failures of {len(failures) - SHOWN_FAILURES} more rules or scopes")
    return " | ".join(shown)
