"""What a rule of the gate is: a declaration with one query over the whole candidate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Severity = Literal["info", "warning", "hold", "stop"]
# From mild to severe; `stop` holds every scope of the candidate, `hold` the row's own scope.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True)
class Rule:
    """One rule. The engine in `evaluate.py` runs it; a rule has no loop and no code.

    `query` yields one row per thing looked at, over all municipalities:
    `municipality_code, topic, year, key, is_failed, severity, observed, expected, advice`, and for a rule with
    `withholds_inputs` also `use_category, measure_code` of the input that cannot be trusted. `key` names the thing
    (a figure, a property, a measure), never a person. The parameter `%(candidate_id)s` is bound. A row that comes
    first in a scope is the one whose reason a reader is shown.

    `applies` says independently of `query`, as one boolean, whether the candidate holds anything the rule is about:
    a rule that applies and looked at nothing has failed.
    """

    name: str
    title: str
    severities: frozenset[Severity]
    applies: str
    query: str
    withholds_inputs: bool = False

    def __post_init__(self) -> None:
        """Check the declaration once, at import."""
        unknown = self.severities - set(SEVERITIES)
        if unknown or not self.severities:
            raise ValueError(f"rule {self.name}: severities must be some of {', '.join(SEVERITIES)}.")
        if not self.name.isidentifier():
            raise ValueError(f"rule {self.name!r}: a name is one word of letters, digits and underscores.")
