"""What a municipality maps: account rules, property links and periods, from its folder of the configuration."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.base import NATIONAL
from register.mapping_file import MappingRow, read_mapping
from register.property_links import PropertyLink, PropertyPeriod, read_links, read_periods
from register.read import Register
from register.schema import RegisterError
from register.yaml_file import read_yaml

PATTERNS = ("account", "function", "psp", "cost_centre", "dranst")
RULE_HEADING = ("priority", *PATTERNS, "cost_category", "valid_from", "valid_to", "note")
# What postings get that no rule matched: a rule cannot give it.
UNMAPPED = "C_UMAPPED"


@dataclass(frozen=True)
class AccountRule:
    """One rule: postings whose five keys match the LIKE patterns have this cost category."""

    rule_no: int
    priority: int
    patterns: tuple[str, ...]
    cost_category: str
    valid_from: int
    valid_to: int
    note: str | None


@dataclass(frozen=True)
class Municipality:
    """One configured municipality and its mapping."""

    code: str
    name: str
    rules: list[AccountRule]
    links: list[PropertyLink]
    periods: list[PropertyPeriod]


def read_municipalities(folder: Path, register: Register) -> list[Municipality]:
    """Read every municipality of the configuration, in the order of their codes; NATIONAL is none.

    Raises:
        RegisterError: a file is wrong; names municipality, file, row and field.
    """
    if not folder.is_dir():
        return []
    return [
        read_municipality(place, register)
        for place in sorted(folder.iterdir())
        if place.is_dir() and not place.name.startswith(".") and place.name != NATIONAL
    ]


def read_municipality(folder: Path, register: Register) -> Municipality:
    """Read one municipality's name, rules, links and periods. Mapping files may be absent: then it maps nothing."""
    code = folder.name
    if not (len(code) == 4 and code.isascii() and code.isdigit()):
        raise RegisterError(f"folder municipalities/{code}", "is not a municipality code", "use four digits: 0101")
    categories = [
        measure.measure
        for measure in register.measures.values()
        if measure.kind == "cost" and not measure.sum_of and measure.measure != UNMAPPED
    ]
    name = _read_name(folder / "sources.yml", code)
    rules_file = f"municipality {code}, file account_rules.csv"
    rules = [_rule(row, categories) for row in read_mapping(folder / "account_rules.csv", rules_file, RULE_HEADING)]
    _check_rules(rules, rules_file)
    return Municipality(code, name, rules, read_links(folder), read_periods(folder, register.use_categories))


def _read_name(path: Path, code: str) -> str:
    label = f"municipality {code}, file sources.yml"
    if not path.is_file():
        raise RegisterError(label, "is missing", "write it: it says what the municipality delivers")
    # The sources in it are checked where they are used; here it is who the municipality is.
    declared: dict[str, Any] = read_yaml(path, label, dict[str, Any])
    if declared.get("municipality_code") != code:
        raise RegisterError(label, "is not the folder's code", f'write "{code}"', field="municipality_code")
    name = declared.get("name")
    if not isinstance(name, str) or not name.strip():
        raise RegisterError(label, "is missing", "write the municipality's name", field="name")
    return name.strip()


def like_pattern(pattern: str) -> str:
    """SQL LIKE pattern of a rule's pattern: `*` and nothing at all mean any; all else is literal."""
    if not pattern:
        return "%"
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")


def _rule(row: MappingRow, categories: list[str]) -> AccountRule:
    category = row.text("cost_category")
    if category not in categories:
        raise row.error("cost_category", "is not a cost category", f"use one of {', '.join(categories)}")
    first, last = row.years()
    return AccountRule(
        rule_no=row.number,
        priority=row.whole_number("priority"),
        patterns=tuple(like_pattern(row.values[name]) for name in PATTERNS),
        cost_category=category,
        valid_from=first,
        valid_to=last,
        note=row.values["note"] or None,
    )


def _check_rules(rules: list[AccountRule], label: str) -> None:
    """Two rules for the very same postings: one of them would never be used."""
    earlier: dict[tuple[int, tuple[str, ...]], list[AccountRule]] = defaultdict(list)
    for rule in rules:
        same = earlier[rule.priority, rule.patterns]
        for other in same:
            if rule.valid_from <= other.valid_to and other.valid_from <= rule.valid_to:
                raise RegisterError(
                    label,
                    f"matches the same postings as row {other.rule_no} with the same priority",
                    "remove one, or give them other years",
                    row=rule.rule_no,
                    field="priority",
                )
        same.append(rule)
