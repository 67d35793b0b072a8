"""What changed between two versions of a key figure: in meaning, in how values are judged, and in wording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from register.danish import danish
from register.formula import definition_sha256, describe_sum
from register.read import Register
from register.schema import KeyFigure

MEANING, JUDGEMENT, WORDING = "meaning", "judgement", "wording"


@dataclass(frozen=True)
class Change:
    """One property of a key figure that differs. `kind` is meaning, judgement or wording."""

    kind: str
    field: str
    old: str
    new: str


def compare(old: KeyFigure, new: KeyFigure) -> list[Change]:
    """Every difference, those of meaning first. Only they change values, and need a version of their own."""
    before, after = list(_described(old)), list(_described(new))
    return [
        Change(kind, field, first, second)
        for (kind, field, first), (_, _, second) in zip(before, after, strict=True)
        if first != second
    ]


def same_meaning(old: KeyFigure, new: KeyFigure, register: Register) -> bool:
    """Whether both versions give the same values."""
    return definition_sha256(old, register) == definition_sha256(new, register)


def _described(entry: KeyFigure) -> Iterator[tuple[str, str, str]]:
    constant = entry.denominator_constant
    meaning = {
        "numerator": describe_sum(entry.numerator),
        "denominator": describe_sum(entry.denominator) if constant is None else danish(constant),
        "fallback denominator": describe_sum(entry.fallback_denominator),
        "scale": danish(entry.scale),
        "unit": entry.unit,
        "use categories": ", ".join(sorted(entry.filter.use_categories or ["all"])),
        "tenure": ", ".join(sorted(entry.filter.tenure)),
        "may be missing": ", ".join(_optional(entry)),
    }
    hidden = entry.suppression
    judgement = {
        "levels": ", ".join(entry.levels),
        "direction": entry.direction,
        "bounds": f"{danish(entry.bounds.low)} to {danish(entry.bounds.high)}, else {entry.bounds.severity}",
        "largest change": f"{danish(entry.largest_change.pct)} %, else {entry.largest_change.severity}",
        "coverage needed": f"{danish(entry.coverage.needed_pct)} %",
        "persons needed": f"{hidden.min_persons} of {hidden.persons_measure}" if hidden else "",
        "adoption": f"{entry.adoption.state} {entry.adoption.date or ''}".strip(),
        "years": f"{entry.valid_from} to {entry.valid_to or 'open'}",
        "break in the series": "yes" if entry.is_break else "no",
    }
    example = entry.example
    wording = {
        "topic": entry.topic,
        "Danish name": entry.name_da,
        "English name": entry.name_en,
        "source": entry.source,
        "notes": entry.notes_da,
        "example": f"{example.text_da} = {danish(example.value)}",
    }
    for kind, values in ((MEANING, meaning), (JUDGEMENT, judgement), (WORDING, wording)):
        for field, value in values.items():
            yield kind, field, value


def _optional(entry: KeyFigure) -> Iterator[str]:
    for part, terms in entry.parts.items():
        for term in terms:
            if not term.required:
                yield f"{term.measure} of the {part.replace('_', ' ')}"
