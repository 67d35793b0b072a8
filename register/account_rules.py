"""Account rules and split keys: which postings are which cost, of which property, in which shares.

Rows of `account_rules.csv` with the same priority and patterns are one rule: their shares sum to exactly 1 in every
year, so that no krone is lost or counted twice. `split_keys.csv` names shares of properties that rules may split by.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from register.mapping_file import LAST_YEAR, MappingRow, read_mapping
from register.schema import RegisterError

# The dimensions of a posting that a rule may have a pattern for, in the order of AccountRule.patterns.
PATTERNS = (
    "account",
    "function",
    "dranst",
    "ownership",
    "grouping",
    "art",
    "psp",
    "cost_centre",
    "profit_centre",
    "project",
    "department",
    "carrier",
    "purpose",
)
NEEDED = ("priority", "cost_category")
RULE_HEADING = (
    *("priority", *PATTERNS, "cost_category", "property_no", "share", "split", "split_uses", "tags"),
    *("valid_from", "valid_to", "note"),
)
KEY_HEADING = ("split_key", "property_no", "share", "valid_from", "valid_to", "note")
# Split keys that the warehouse measures itself; all others are in split_keys.csv.
MEASURED_KEYS = ("area", "pupils", "children")
# Tag -> the measure that repeats the tagged cost.
TAGS = {
    "envelope": "C_VEDL_UDV",
    "interior": "C_VEDL_IND",
    "installations": "C_VEDL_INST",
    "backlog": "C_EFTERSLAEB",
}
BUILDING_PARTS = ("envelope", "interior", "installations")
MAINTENANCE = ("C_VEDL_PL", "C_VEDL_AK")
INVESTMENT, NOT_PROPERTY = "C_ANLAEG", "C_IKKE"
OPERATION_DRANST, INVESTMENT_DRANST = "1", "3"
NO_FUNCTION = "unknown"  # as the models write it


@dataclass(frozen=True)
class AccountRule:
    """One row: this share of the postings whose dimensions match the LIKE patterns has this cost category.

    group_no is the row number of the first row with the same priority and patterns: the rows of a group are one rule.
    """

    rule_no: int
    priority: int
    patterns: tuple[str, ...]
    cost_category: str
    valid_from: int
    valid_to: int
    note: str | None
    property_no: str | None = None
    share: Decimal = Decimal(1)
    split: str | None = None
    split_uses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    group_no: int = 0


@dataclass(frozen=True)
class SplitKey:
    """One row: this property has this share of what a rule splits by the key."""

    key_no: int
    split_key: str
    property_no: str
    share: Decimal
    valid_from: int
    valid_to: int
    note: str | None


class Shared(Protocol):
    """A share that holds from one year to another, both included."""

    @property
    def share(self) -> Decimal:
        """Above 0 and at most 1."""

    @property
    def valid_from(self) -> int:
        """First year."""

    @property
    def valid_to(self) -> int:
        """Last year."""


def read_account_rules(
    path: Path, label: str, categories: Collection[str], uses: Collection[str], split_keys: Sequence[SplitKey]
) -> list[AccountRule]:
    """Rules of a file in its order; none without a file. Columns that a heading leaves out match anything.

    Args:
        path: account_rules.csv.
        label: How messages name it.
        categories: Cost categories that a rule may give.
        uses: Use categories that a split may be restricted to.
        split_keys: Of the same municipality.

    Raises:
        RegisterError: a row is wrong, or the rows of one rule do not sum to 1.
    """
    names = {key.split_key for key in split_keys}
    rows = read_mapping(path, label, RULE_HEADING, needed=NEEDED)
    return group_rules([read_rule(row, categories, uses, names) for row in rows], label)


def read_split_keys(path: Path, label: str) -> list[SplitKey]:
    """Split keys of a file in its order; none without a file.

    Raises:
        RegisterError: a row is wrong, or the shares of a key do not sum to 1.
    """
    keys = [_key(row) for row in read_mapping(path, label, KEY_HEADING)]
    by_name: dict[str, list[SplitKey]] = defaultdict(list)
    for key in keys:
        by_name[key.split_key].append(key)
    for group in by_name.values():
        check_shares(group, label, [key.key_no for key in group], "this key")
    return keys


def like_pattern(pattern: str) -> str:
    """SQL LIKE pattern of a rule's pattern: `*` and nothing at all mean any; all else is literal."""
    if not pattern:
        return "%"
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")


def check_shares(group: Sequence[Shared], label: str, numbers: Sequence[int], subject: str) -> None:
    """Refuse shares that do not sum to exactly 1 in every year that has any.

    Args:
        group: The shares of one key.
        label: The file, for the message.
        numbers: The row of each.
        subject: What the shares are of, for the message.
    """
    for year, valid in _years_of(group):
        total = sum(one.share for one in valid)
        if total != 1:
            when = f"from {year}" if year else "in every year"
            raise RegisterError(
                label,
                f"the shares of {subject} sum to {total} {when}, expected exactly 1",
                "correct the shares, so that no krone is lost or counted twice",
                row=numbers[group.index(valid[-1])],
                field="share",
            )


def _years_of(group: Sequence[Shared]) -> Iterator[tuple[int, list[Shared]]]:
    """Each year from which others of a group are valid, with those; years without any are left out."""
    starts = {one.valid_from for one in group} | {one.valid_to + 1 for one in group if one.valid_to < LAST_YEAR}
    for year in sorted(starts):
        valid = [one for one in group if one.valid_from <= year <= one.valid_to]
        if valid:
            yield year, valid


def read_share(row: MappingRow) -> Decimal:
    """Share of a mapping row; empty is all of it."""
    share = row.decimal("share", Decimal(1))
    if not 0 < share <= 1:
        raise row.error("share", "is not above 0 and at most 1", "write a share, for example 0.25 for a quarter")
    return share


def read_rule(
    row: MappingRow, categories: Collection[str], uses: Collection[str], keys: Collection[str]
) -> AccountRule:
    """Rule of one row; its group is found with those of the other rows, by `group_rules`.

    Raises:
        RegisterError: a field is wrong.
    """
    category = row.text("cost_category")
    if category not in categories:
        raise row.error("cost_category", "is not a cost category", f"use one of {', '.join(categories)}")
    split, property_no = row.values["split"] or None, row.values["property_no"] or None
    if split and split not in MEASURED_KEYS and split not in keys:
        raise row.error("split", "is no split key", f"use {', '.join(MEASURED_KEYS)} or a key of split_keys.csv")
    if split and property_no:
        raise row.error("split", "stands beside a property_no", "keep one: a rule names a property or a split")
    first, last = row.years()
    return AccountRule(
        rule_no=row.number,
        priority=row.whole_number("priority"),
        patterns=tuple(like_pattern(row.values[name]) for name in PATTERNS),
        cost_category=category,
        valid_from=first,
        valid_to=last,
        note=row.values["note"] or None,
        property_no=property_no,
        share=read_share(row),
        split=split,
        split_uses=_split_uses(row, split, uses),
        tags=_tags(row, category),
    )


def own_dranst(category: str) -> str | None:
    """Dranst that a category counts on, besides postings without any; None for all of them."""
    if category == NOT_PROPERTY:
        return None
    return INVESTMENT_DRANST if category == INVESTMENT else OPERATION_DRANST


def refuse_unmatched(row: MappingRow, category: str) -> None:
    """Refuse a new row that matches no posting of any ledger, so that nobody looks for a cost that never comes.

    Rules that are there are read with such rows: an old edition is rebuilt from them, and they do no harm.

    Raises:
        RegisterError: the function is no number, or the category counts on another dranst.
    """
    if not re.fullmatch(rf"|[0-9]{{5}}|[0-9]*\*[0-9*]*|{NO_FUNCTION}", row.values["function"]):
        advice = f"write all five digits, a zero in front too, or end with *; {NO_FUNCTION} are postings without one"
        raise row.error("function", "is no number of a function", advice)
    dranst, counts_on = row.values["dranst"], own_dranst(category)
    if counts_on and dranst and "*" not in dranst and dranst != counts_on:
        advice = f"use {INVESTMENT} on {INVESTMENT_DRANST}, {NOT_PROPERTY} on any, all others on {OPERATION_DRANST}"
        raise row.error("cost_category", f"counts on dranst {counts_on} only", advice)


def _split_uses(row: MappingRow, split: str | None, uses: Collection[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(row.values["split_uses"].split()))
    if wanted and split not in MEASURED_KEYS:
        advice = f"leave it empty, or split by {', '.join(MEASURED_KEYS)}: other keys name their properties"
        raise row.error("split_uses", "stands without a split that it could restrict", advice)
    if set(wanted) - set(uses):
        raise row.error("split_uses", "is not a list of use categories", f"use some of {', '.join(uses)}, with blanks")
    return wanted


def _tags(row: MappingRow, category: str) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(row.values["tags"].split()))
    if set(tags) - set(TAGS):
        raise row.error("tags", "is not a list of tags", f"use some of {', '.join(TAGS)}, with blanks between")
    if len(set(tags) & set(BUILDING_PARTS)) > 1:
        advice = f"keep one of {', '.join(BUILDING_PARTS)}, or divide the rule in rows with a share each"
        raise row.error("tags", "names more than one part of the building", advice)
    if set(tags) & set(BUILDING_PARTS) and category not in MAINTENANCE:
        raise row.error("tags", "is a part of maintenance only", f"remove it, or use {' or '.join(MAINTENANCE)}")
    if tags and category not in (*MAINTENANCE, INVESTMENT):
        advice = f"remove it, or use {', '.join((*MAINTENANCE, INVESTMENT))}"
        raise row.error("tags", "is a part of maintenance and investment only", advice)
    return tags


def group_rules(rules: list[AccountRule], label: str) -> list[AccountRule]:
    """Give the rows of one rule their common number; refuse rows that do not make one rule."""
    groups: dict[tuple[int, tuple[str, ...]], list[AccountRule]] = defaultdict(list)
    for rule in rules:
        groups[rule.priority, rule.patterns].append(rule)
    for group in groups.values():
        _refuse_doubles(group, label)
        check_shares(group, label, [rule.rule_no for rule in group], "the rows of this rule")
    return [replace(rule, group_no=groups[rule.priority, rule.patterns][0].rule_no) for rule in rules]


def _refuse_doubles(group: list[AccountRule], label: str) -> None:
    """Two whole rules for the very same postings: one of them would never be used."""
    whole = [rule for rule in group if rule.share == 1]
    for position, rule in enumerate(whole):
        for other in whole[:position]:
            if rule.valid_from <= other.valid_to and other.valid_from <= rule.valid_to:
                raise RegisterError(
                    label,
                    f"matches the same postings as row {other.rule_no} with the same priority",
                    "remove one, give them other years, or give each row its share",
                    row=rule.rule_no,
                    field="priority",
                )


def _key(row: MappingRow) -> SplitKey:
    name = row.text("split_key")
    if name in MEASURED_KEYS:
        raise row.error("split_key", "is a key that the warehouse measures itself", "give your key another name")
    first, last = row.years()
    return SplitKey(
        key_no=row.number,
        split_key=name,
        property_no=row.text("property_no"),
        share=read_share(row),
        valid_from=first,
        valid_to=last,
        note=row.values["note"] or None,
    )
