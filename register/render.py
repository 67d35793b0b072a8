"""Render the register as pages: an index by topic, one page per key figure, measures, uses. Danish names come first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from register.account_selection import selected_categories, selected_rules
from register.compare import Change, compare, same_meaning
from register.danish import TOPIC_NAMES, WORDS, danish
from register.formula import area_basis, counts_in, describe_ratio, describe_sum, price_basis
from register.municipality import Municipality
from register.read import Register
from register.schema import TOPICS, ExampleRow, KeyFigure

NO_MORE: dict[str, str] = {}


def render(
    target: Path,
    register: Register,
    municipalities: Sequence[Municipality] = (),
    more: dict[str, str] = NO_MORE,
) -> None:
    """Write the pages to `target`, which is made if it is missing. Pages hold everything they need.

    Args:
        target: a folder.
        register: what to show.
        municipalities: whose account rules stand on the pages of figures over cost.
        more: pages that the caller adds to the site, file name to title: every page links to them.
    """
    pages = {name: render_page(_template(name), values, more) for name, values in _pages(register, municipalities)}
    target.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (target / name).write_text(text, encoding="utf-8")


def render_page(template: str, values: dict[str, Any], more: dict[str, str]) -> str:
    """The text of a page in the site's own looks, from a template of this package; `more` as for `render`."""
    return _environment().get_template(template).render(values, more_pages=more)


def page_name(code: str) -> str:
    """File name of a key figure's page."""
    return f"{code.lower().replace('-', '_')}.html"


def _pages(register: Register, municipalities: Sequence[Municipality]) -> Iterator[tuple[str, dict[str, Any]]]:
    latest = {entry.code: entry for entry in register.key_figures}
    by_topic = {topic: [entry for entry in latest.values() if entry.topic == topic] for topic in TOPICS}
    yield "index.html", {"by_topic": by_topic}
    yield "measures.html", {"measures": register.measures.values(), "users": _users_of_measures(register)}
    yield "uses.html", {"use_categories": register.use_categories.values()}
    for code in latest:
        versions = [_version(entry, register, municipalities) for entry in register.versions(code)[::-1]]
        yield page_name(code), {"versions": versions, "history": _history(code, register)}


def _users_of_measures(register: Register) -> dict[str, list[str]]:
    users: dict[str, list[str]] = {measure: [] for measure in register.measures}
    for entry in register.key_figures:
        terms = [term.measure for part in entry.parts.values() for term in part]
        for measure in dict.fromkeys(base for name in terms for base in (name, *register.components(name))):
            if entry.code not in users[measure]:
                users[measure].append(entry.code)
    return users


def _history(code: str, register: Register) -> list[tuple[KeyFigure, list[Change], bool]]:
    """Versions after the first, newest first: what changed from the one before, and whether values still compare."""
    steps = pairwise(register.versions(code))
    return [(new, compare(old, new), same_meaning(old, new, register)) for old, new in steps][::-1]


def _version(entry: KeyFigure, register: Register, municipalities: Sequence[Municipality]) -> dict[str, Any]:
    named = [term.measure for terms in entry.parts.values() for term in terms]
    return {
        "entry": entry,
        "ratio": describe_ratio(entry),
        "parts": {part: describe_sum(terms) for part, terms in entry.parts.items() if terms},
        "measures": [register.measures[name] for name in dict.fromkeys(named)],
        "components": {name: [register.measures[base] for base in register.measures[name].sum_of] for name in named},
        "optional": [term.measure for terms in entry.parts.values() for term in terms if not term.required],
        "uses": [register.use_categories[name] for name in entry.filter.use_categories or []],
        "tenure": entry.filter.tenure,
        "area_basis": area_basis(entry, register),
        "price_basis": price_basis(entry),
        "categories": selected_categories(entry, register),
        "rules": [(one, selected_rules(entry, register, one)) for one in municipalities],
        "example": [
            (row, register.use_categories[row.use_category].name_da, _parts(row, entry, register))
            for row in entry.example.rows
        ],
    }


def _parts(row: ExampleRow, entry: KeyFigure, register: Register) -> list[str]:
    return list(dict.fromkeys(part for part, _ in counts_in(row, entry, register)))


def _template(page: str) -> str:
    return page if page in ("index.html", "measures.html", "uses.html") else "key_figure.html"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("register"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(danish=danish, page=page_name, word=lambda name: WORDS.get(name, name))
    environment.globals.update(topic_names=TOPIC_NAMES)
    return environment
