"""A key figure's definition as a person reads it, and as a fingerprint that changes only with its meaning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal

from register.read import Register
from register.schema import DEFAULT_TENURE, NOT_TIED, ExampleRow, KeyFigure, Term

AREA_UNIT = "m2"
# A unit ends in it when amounts are converted to the prices of a base year.
FIXED_PRICES = "fixed prices"


def describe_formula(entry: KeyFigure) -> str:
    """One line: '100 * C_VEDL_PL / (C_VEDL_PL + C_VEDL_AK) where tenure is owned'."""
    fallback = ""
    if entry.fallback_denominator:
        fallback = f" (fallback denominator {describe_sum(entry.fallback_denominator)})"
    conditions = " and ".join(_conditions(entry))
    return f"{describe_ratio(entry)}{fallback}" + (f" where {conditions}" if conditions else "")


def describe_ratio(entry: KeyFigure) -> str:
    """The formula without its conditions, in no language: '100 * C_VEDL_PL / (C_VEDL_PL + C_VEDL_AK)'."""
    scale = "" if entry.scale == 1 else f"{plain(entry.scale)} * "
    numerator = describe_sum(entry.numerator)
    if entry.denominator_constant is None:
        ratio = f"{_grouped(entry.numerator)} / {_grouped(entry.denominator)}"
    elif entry.denominator_constant == 1:
        ratio = numerator if entry.scale == 1 else _grouped(entry.numerator)
    else:
        ratio = f"{_grouped(entry.numerator)} / {plain(entry.denominator_constant)}"
    return f"{scale}{ratio}"


def describe_sum(terms: list[Term]) -> str:
    """Terms of one part: 'C_DRIFT + 0.5 * C_VEDL - I_LEJE'."""
    text = ""
    for term in terms:
        weight = "" if abs(term.weight) == 1 else f"{plain(abs(term.weight))} * "
        sign = ("-" if term.weight < 0 else "") if not text else (" - " if term.weight < 0 else " + ")
        text += f"{sign}{weight}{term.measure}"
    return text


def plain(number: Decimal) -> str:
    """Exact decimal without exponent and without trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def area_basis(entry: KeyFigure, register: Register) -> str:
    """Areas that the value stands on, in the order of the formula: those it divides by, else those it adds up.

    Gross, owned and cleaned area differ by a third and more, so values over different areas do not compare.
    """
    for terms in (entry.denominator, entry.numerator):
        areas = [term.measure for term in terms if register.measures[term.measure].unit == AREA_UNIT]
        if areas:
            return ", ".join(areas)
    return ""


def price_basis(entry: KeyFigure) -> str:
    """Prices that the value is in: `nominal` (the year's own), `fixed` (of a base year), or empty: not in money."""
    if FIXED_PRICES in entry.unit:
        return "fixed"
    return "nominal" if entry.unit.startswith("DKK") else ""


def term_scopes(entry: KeyFigure, term: Term, register: Register) -> Iterator[tuple[str, str, str]]:
    """Every (base measure, use category, tenure) that a term sums.

    A measure of the whole municipality is tied to no property, so no filter narrows it.
    """
    for component in register.components(term.measure):
        if register.measures[component].grain == "municipality":
            yield component, NOT_TIED, NOT_TIED
            continue
        for use_category in entry.filter.use_categories or register.use_categories:
            for tenure in entry.filter.tenure:
                yield component, use_category, tenure


def counts_in(row: ExampleRow, entry: KeyFigure, register: Register) -> Iterator[tuple[str, Decimal]]:
    """Parts of the formula in which an example's row counts, with its weight; none if the definition leaves it out."""
    for part, terms in entry.parts.items():
        for term in terms:
            if (row.measure, row.use_category, row.tenure) in term_scopes(entry, term, register):
                yield part, term.weight


def definition_sha256(entry: KeyFigure, register: Register) -> str:
    """Hash of what the value means: terms with the base measures they sum, filter, scale and unit.

    Names, notes, bounds, levels and years of validity are not in it: they may change without a new version.
    """
    meaning = {
        "unit": entry.unit,
        "scale": plain(entry.scale),
        "denominator_constant": None if entry.denominator_constant is None else plain(entry.denominator_constant),
        "use_categories": sorted(entry.filter.use_categories or ["*"]),
        "tenure": sorted(entry.filter.tenure),
        "parts": {part: [_meaning(term, register) for term in terms] for part, terms in entry.parts.items()},
    }
    return hashlib.sha256(json.dumps(meaning, sort_keys=True).encode()).hexdigest()


def _meaning(term: Term, register: Register) -> list[object]:
    components = [(code, register.measures[code].grain) for code in sorted(register.components(term.measure))]
    return [term.measure, plain(term.weight), term.required, components]


def _grouped(terms: list[Term]) -> str:
    text = describe_sum(terms)
    return f"({text})" if len(terms) > 1 else text


def _conditions(entry: KeyFigure) -> Iterator[str]:
    if entry.filter.use_categories:
        yield f"use is {' or '.join(entry.filter.use_categories)}"
    if sorted(entry.filter.tenure) != sorted(DEFAULT_TENURE):
        yield f"tenure is {' or '.join(entry.filter.tenure)}"
