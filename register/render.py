"""Render the register as pages: an index by topic, one page per key figure, measures, uses. Danish names come first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from register.danish import TOPIC_NAMES, WORDS, danish
from register.formula import describe_formula, describe_sum, term_scopes
from register.read import REGISTER, Register, read_register
from register.schema import TOPICS, ExampleRow, KeyFigure

NO_MORE: dict[str, str] = {}


def render(target: Path, folder: Path = REGISTER, more: dict[str, str] = NO_MORE) -> None:
    """Write the pages to `target`, which is made if it is missing. Pages hold everything they need.

    `more` are pages that the caller adds to the site, file name to title: every page links to them.

    Raises:
        RegisterError: a file of the register is wrong; nothing is written.
    """
    register = read_register(folder)
    pages = {name: render_page(_template(name), values, more) for name, values in _pages(register)}
    target.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (target / name).write_text(text, encoding="utf-8")


def render_page(template: str, values: dict[str, Any], more: dict[str, str]) -> str:
    """The text of a page in the site's own looks, from a template of this package; `more` as for `render`."""
    return _environment().get_template(template).render(values, more_pages=more)


def page_name(code: str) -> str:
    """File name of a key figure's page."""
    return f"{code.lower().replace('-', '_')}.html"


def _pages(register: Register) -> Iterator[tuple[str, dict[str, Any]]]:
    latest = {entry.code: entry for entry in register.key_figures}
    by_topic = {topic: [entry for entry in latest.values() if entry.topic == topic] for topic in TOPICS}
    yield "index.html", {"by_topic": by_topic}
    yield "measures.html", {"measures": register.measures.values(), "users": _users_of_measures(register)}
    yield "uses.html", {"use_categories": register.use_categories.values()}
    for code in latest:
        versions = register.versions(code)[::-1]
        yield page_name(code), {"versions": [_version(entry, register) for entry in versions]}


def _users_of_measures(register: Register) -> dict[str, list[str]]:
    users: dict[str, list[str]] = {measure: [] for measure in register.measures}
    for entry in register.key_figures:
        terms = [term.measure for part in entry.parts.values() for term in part]
        for measure in dict.fromkeys(base for name in terms for base in (name, *register.components(name))):
            if entry.code not in users[measure]:
                users[measure].append(entry.code)
    return users


def _version(entry: KeyFigure, register: Register) -> dict[str, Any]:
    named = [term.measure for terms in entry.parts.values() for term in terms]
    return {
        "entry": entry,
        "formula": describe_formula(entry),
        "parts": {part: describe_sum(terms) for part, terms in entry.parts.items() if terms},
        "measures": [register.measures[name] for name in dict.fromkeys(named)],
        "components": {name: [register.measures[base] for base in register.measures[name].sum_of] for name in named},
        "optional": [term.measure for terms in entry.parts.values() for term in terms if not term.required],
        "uses": [register.use_categories[name] for name in entry.filter.use_categories or []],
        "tenure": entry.filter.tenure,
        "example": [
            (row, register.use_categories[row.use_category].name_da, _counts_in(row, entry, register))
            for row in entry.example.rows
        ],
    }


def _counts_in(row: ExampleRow, entry: KeyFigure, register: Register) -> list[str]:
    """Parts of the formula in which an example's row counts; none if the definition leaves it out."""
    return [
        part
        for part, terms in entry.parts.items()
        if any((row.measure, row.use_category, row.tenure) in term_scopes(entry, term, register) for term in terms)
    ]


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
