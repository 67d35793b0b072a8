"""Which accounts are behind a key figure: its cost categories, and the rules of each configured municipality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from register.account_rules import PATTERNS, TAGS, AccountRule
from register.cost_categories import CostCategory
from register.mapping_file import LAST_YEAR
from register.municipality import Municipality
from register.read import Register
from register.schema import KeyFigure

# LIKE patterns of the rules, as they are written in account_rules.csv.
ANY = "%"
ESCAPE = "\\"


@dataclass(frozen=True)
class SelectedCategory:
    """A cost category that a key figure sums, and what it is called in the standards."""

    code: str
    name_da: str
    ns3454: str
    en15221: str
    typical_accounts: str


@dataclass(frozen=True)
class SelectedRule:
    """One account rule whose money reaches the key figure."""

    priority: int
    patterns: str
    cost_category: str
    condition: str
    note: str


def selected_categories(entry: KeyFigure, register: Register) -> list[SelectedCategory]:
    """Cost categories behind a key figure, in the order of the measures."""
    codes = _behind(entry, register)
    declared = register.cost_categories
    return [
        SelectedCategory(
            one.cost_category,
            register.measures[one.cost_category].name_da,
            ", ".join(item.text for item in declared.items_of(one)),
            one.en15221.text if one.en15221 else "",
            one.typical_accounts,
        )
        for one in _in_order(declared.cost_categories, register)
        if one.cost_category in codes
    ]


def selected_rules(entry: KeyFigure, register: Register, municipality: Municipality) -> list[SelectedRule]:
    """Rules of a municipality that lead to a key figure, as they decide: by priority, then in the file's order.

    A figure over a part of maintenance takes only rules with the tag of that part.
    """
    codes = _behind(entry, register)
    parts = {term.measure for terms in entry.parts.values() for term in terms}
    tags = {tag for tag, measure in TAGS.items() if measure in parts}
    rules = [
        rule
        for rule in municipality.rules
        if rule.cost_category in codes and (not tags or tags.intersection(rule.tags))
    ]
    return [
        SelectedRule(rule.priority, show_patterns(rule), rule.cost_category, _condition(rule), rule.note or "")
        for rule in sorted(rules, key=lambda rule: (rule.priority, rule.rule_no))
    ]


def show_patterns(rule: AccountRule) -> str:
    """Patterns of a rule as its file writes them: 'account 2210*, dranst 1'."""
    given = [
        f"{name} {_unescaped(pattern)}" for name, pattern in zip(PATTERNS, rule.patterns, strict=True) if pattern != ANY
    ]
    return ", ".join(given) or "*"


def _behind(entry: KeyFigure, register: Register) -> set[str]:
    """Base cost measures that a key figure sums, or that a measure of it is worked out of."""
    named = [term.measure for terms in entry.parts.values() for term in terms]
    found: set[str] = set()
    while named:
        measure = register.measures[named.pop()]
        named += [*measure.sum_of, *measure.derived_from]
        if measure.kind == "cost" and not measure.sum_of:
            found.add(measure.measure)
    return found


def _in_order(categories: Sequence[CostCategory], register: Register) -> list[CostCategory]:
    order = list(register.measures)
    return sorted(categories, key=lambda one: order.index(one.cost_category))


def _condition(rule: AccountRule) -> str:
    return "; ".join(_conditions(rule))


def _conditions(rule: AccountRule) -> Iterator[str]:
    if rule.property_no:
        yield f"ejendom {rule.property_no}"
    if rule.share != 1:
        yield f"andel {f'{rule.share:f}'.replace('.', ',')}"
    if rule.split:
        yield f"fordelt efter {rule.split}" + (f" på {', '.join(rule.split_uses)}" if rule.split_uses else "")
    if rule.tags:
        yield f"mærket {', '.join(rule.tags)}"
    if rule.valid_from > 0:
        yield f"fra {rule.valid_from}"
    if rule.valid_to < LAST_YEAR:
        yield f"til {rule.valid_to}"


def _unescaped(pattern: str) -> str:
    """A LIKE pattern as a person writes it: any text is `*`, and an escaped character is itself."""
    text, escaped = "", False
    for character in pattern:
        if escaped or character not in (ANY, ESCAPE):
            text, escaped = text + character, False
        elif character == ESCAPE:
            escaped = True
        else:
            text += "*"
    return text
