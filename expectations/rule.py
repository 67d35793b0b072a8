"""What a rule of the gate is: a declaration with one query over the whole candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

Severity = Literal["info", "warning", "hold", "stop"]
# From mild to severe; `stop` holds every scope of the candidate, `hold` the row's own scope.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
# What an edition is. A candidate is judged for one; final editions and corrections may be judged severer.
Kind = Literal["provisional", "final", "correction"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Rule:
    """One rule. The engine in `evaluate.py` runs it; a rule has no loop and no code.

    `query` yields one row per thing looked at, over all municipalities:
    `municipality_code, topic, year, key, is_failed, severity, observed, expected, advice`, and for a rule with
    `withholds_inputs` also `use_category, measure_code` of the input that cannot be trusted. `key` names the thing
    (a figure, a property, a measure), never a person. The parameter `%(candidate_id)s` is bound, and `gate_sums` holds
    the candidate's measures summed by use category and tenure. A row that comes first in a scope is the one whose
    reason a reader is shown.

    `applies` says independently of `query`, as one boolean, whether the candidate holds anything the rule is about:
    a rule that applies and looked at nothing has failed.

    `final` says which severity becomes which in a final edition or a correction. With `flags_figures` a value whose key
    (code and level, or code and use category) fails with a warning is published with status u.
    """

    name: str
    title: str
    severities: frozenset[Severity]
    applies: str
    query: str
    withholds_inputs: bool = False
    flags_figures: bool = False
    final: Mapping[Severity, Severity] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the declaration once, at import."""
        unknown = self.severities - set(SEVERITIES)
        if unknown or not self.severities:
            raise ValueError(f"rule {self.name}: severities must be some of {', '.join(SEVERITIES)}.")
        if not self.name.isidentifier():
            raise ValueError(f"rule {self.name!r}: a name is one word of letters, digits and underscores.")
        for mild, severe in self.final.items():
            if mild not in self.severities or severe not in SEVERITIES[SEVERITIES.index(mild) + 1 :]:
                raise ValueError(f"rule {self.name}: final leads from a severity of the rule to a severer one.")

    def severity(self, given: Severity, kind: Kind) -> Severity:
        """What a severity of the rule's query is in an edition of a kind."""
        return given if kind == "provisional" else self.final.get(given, given)

    def judged_for(self, kind: Kind, *, has_exceptions: bool = False) -> Rule:
        """The rule with the severities that its failing rows can have in an edition of a kind."""
        severities = {self.severity(given, kind) for given in self.severities}
        return replace(self, severities=frozenset(severities | ({"info"} if has_exceptions else set())), final={})
