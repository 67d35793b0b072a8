"""The register and the municipalities' mappings as rows of the tables in schema `register`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from register.account_rules import PATTERNS
from register.formula import area_basis, definition_sha256, describe_formula, plain, price_basis, term_scopes
from register.municipality import Municipality
from register.peer_groups import Method
from register.read import Register
from register.schema import KeyFigure, fold_use

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """One table of schema `register`: its columns, the first `key_length` of which are its key."""

    name: str
    columns: tuple[str, ...]
    key_length: int

    @property
    def key(self) -> tuple[str, ...]:
        """Columns of the primary key."""
        return self.columns[: self.key_length]


def _table(name: str, key: str, columns: str = "") -> Table:
    return Table(name, (*key.split(), *columns.split()), len(key.split()))


KEY_FIGURES = _table(
    "key_figures",
    "key_figure_code version",
    "topic name_da name_en unit scale denominator_constant direction levels bound_low bound_high bounds_severity "
    "largest_change_pct largest_change_severity coverage_needed_pct adoption_state adopted_on valid_from valid_to "
    "is_break formula definition_source definition_sha256 area_basis price_basis min_persons persons_measure",
)
# A table comes after those it refers to.
TABLES = (
    _table("municipalities", "municipality_code", "name"),
    _table("use_categories", "use_category", "topic name_da name_en"),
    _table("fm_uses", "fm_use", "use_category"),
    _table("measures", "measure_code", "name_da name_en unit kind grain definition is_delivered"),
    _table("measure_components", "measure_code component_code"),
    _table(
        "cost_categories",
        "cost_category",
        "ns3454_items ns3454_text en15221_text typical_accounts words weak_words",
    ),
    KEY_FIGURES,
    _table("key_figure_terms", "key_figure_code version part term_no", "measure_code weight is_required"),
    _table("key_figure_term_scopes", "key_figure_code version part term_no component_code use_category tenure"),
    _table(
        "account_rules",
        "municipality_code rule_no",
        f"group_no priority {' '.join(f'{name}_pattern' for name in PATTERNS)} cost_category property_no share split "
        "split_uses tags valid_from valid_to note",
    ),
    _table("split_keys", "municipality_code key_no", "split_key property_no share valid_from valid_to note"),
    _table(
        "property_links",
        "municipality_code link_no",
        "link_type source_key property_no share valid_from valid_to note",
    ),
    _table(
        "property_periods",
        "municipality_code period_no",
        "property_no building_no valid_from valid_to use_category tenure area_m2 note",
    ),
    _table("peer_variables", "method_version topic variable", "weight is_log"),
    _table("peer_groups", "group_name municipality_code", "note"),
    _table("restricted_properties", "municipality_code property_no", "reason"),
    _table("shares", "municipality_code with_municipality detail"),
)


def table_rows(
    register: Register, municipalities: list[Municipality], method: Method, peer_lists: Iterable[Row] = ()
) -> dict[Table, list[Row]]:
    """Rows of every table, in the order in which tables are filled."""
    makers = (
        ((one.code, one.name) for one in municipalities),
        ((use.use_category, use.topic, use.name_da, use.name_en) for use in register.use_categories.values()),
        ((fold_use(name), use.use_category) for use in register.use_categories.values() for name in use.fm_uses),
        (
            (one.measure, one.name_da, one.name_en, one.unit, one.kind, one.grain, one.definition, one.is_delivered)
            for one in register.measures.values()
        ),
        ((one.measure, component) for one in register.measures.values() for component in one.components),
        _cost_categories(register),
        (_key_figure(entry, register) for entry in register.key_figures),
        _terms(register),
        _scopes(register),
        _rules(municipalities),
        _split_keys(municipalities),
        _links(municipalities),
        _periods(municipalities),
        method.rows(),
        peer_lists,
        ((one.code, it.property_no, it.reason) for one in municipalities for it in one.access.restricted),
        ((one.code, *pair) for one in municipalities for pair in one.access.pairs()),
    )
    return {table: list(rows) for table, rows in zip(TABLES, makers, strict=True)}


def content_sha256(rows: dict[Table, list[Row]]) -> str:
    """Hash of everything loaded; the order of files and rows does not matter."""
    digest = hashlib.sha256()
    for table, content in rows.items():
        digest.update(table.name.encode())
        for line in sorted(repr(_comparable(row)) for row in content):
            digest.update(line.encode())
    return digest.hexdigest()


def _comparable(row: Row) -> Row:
    return tuple(plain(value) if isinstance(value, Decimal) else str(value) for value in row)


def _key_figure(entry: KeyFigure, register: Register) -> Row:
    hidden = entry.suppression
    persons = (hidden.min_persons, hidden.persons_measure) if hidden else (None, None)
    return (
        *(entry.code, entry.version, entry.topic, entry.name_da, entry.name_en, entry.unit),
        *(entry.scale, entry.denominator_constant, entry.direction, ",".join(entry.levels)),
        *(entry.bounds.low, entry.bounds.high, entry.bounds.severity),
        *(entry.largest_change.pct, entry.largest_change.severity, entry.coverage.needed_pct),
        *(entry.adoption.state, entry.adoption.date, entry.valid_from, entry.valid_to, entry.is_break),
        *(describe_formula(entry), entry.source, definition_sha256(entry, register)),
        *(area_basis(entry, register), price_basis(entry), *persons),
    )


def _cost_categories(register: Register) -> Iterator[Row]:
    declared = register.cost_categories
    for one in declared.cost_categories:
        items = declared.items_of(one)
        yield (
            *(one.cost_category, " ".join(item.item for item in items)),
            *("; ".join(item.text for item in items) or None, one.en15221.text if one.en15221 else None),
            *(one.typical_accounts, ", ".join(one.words), ", ".join(one.weak_words)),
        )


def _terms(register: Register) -> Iterator[Row]:
    for entry in register.key_figures:
        for part, terms in entry.parts.items():
            for number, term in enumerate(terms, start=1):
                yield entry.code, entry.version, part, number, term.measure, term.weight, term.required


def _scopes(register: Register) -> Iterable[Row]:
    for entry in register.key_figures:
        for part, terms in entry.parts.items():
            for number, term in enumerate(terms, start=1):
                for scope in term_scopes(entry, term, register):
                    yield entry.code, entry.version, part, number, *scope


def _rules(municipalities: list[Municipality]) -> Iterator[Row]:
    for one in municipalities:
        for rule in one.rules:
            yield (
                *(one.code, rule.rule_no, rule.group_no, rule.priority, *rule.patterns, rule.cost_category),
                *(rule.property_no, rule.share, rule.split, " ".join(rule.split_uses), " ".join(rule.tags)),
                *(rule.valid_from, rule.valid_to, rule.note),
            )


def _split_keys(municipalities: list[Municipality]) -> Iterator[Row]:
    for one in municipalities:
        for key in one.split_keys:
            yield (
                *(one.code, key.key_no, key.split_key, key.property_no),
                *(key.share, key.valid_from, key.valid_to, key.note),
            )


def _links(municipalities: list[Municipality]) -> Iterator[Row]:
    for one in municipalities:
        for link in one.links:
            yield (
                *(one.code, link.link_no, link.link_type, link.source_key, link.property_no),
                *(link.share, link.valid_from, link.valid_to, link.note),
            )


def _periods(municipalities: list[Municipality]) -> Iterator[Row]:
    for one in municipalities:
        for period in one.periods:
            yield (
                *(one.code, period.period_no, period.property_no, period.building_no),
                *(period.valid_from, period.valid_to, period.use_category, period.tenure, period.area_m2, period.note),
            )
