"""Explain one published key figure: both sums, what is behind them, where it came from, or why it is missing."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

import psycopg
from psycopg.rows import class_row

from warehouse.database import connect
from warehouse.errors import KnownError
from warehouse.explain_view import render
from warehouse.origins import Trace, trace
from warehouse.settings import Settings

Row = TypeVar("Row")

__all__ = ["Behind", "Definition", "ExplainError", "Explanation", "Figure", "Verdict", "explain", "render"]


class ExplainError(KnownError):
    """There is no such key figure, municipality or year; the message names what there is."""


@dataclass(frozen=True)
class Definition:
    """The definition in force: of the published row, else the newest valid in the year."""

    key_figure_code: str
    version: int
    topic: str
    name_da: str
    name_en: str
    unit: str
    formula: str
    scale: Decimal
    denominator_constant: Decimal | None
    adoption_state: str
    definition_source: str


@dataclass(frozen=True)
class Figure:
    """The published row. `value` is scale * numerator / denominator, unrounded, or None."""

    edition_id: int
    published_at: Any
    level: str
    version: int
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    unit: str
    status_code: str
    flags: str
    coverage_pct: Decimal | None
    n_units: int
    reason: str | None


@dataclass(frozen=True)
class Verdict:
    """The gate's latest verdict on a scope."""

    topic: str
    year: int
    verdict: str
    reason: str | None


@dataclass(frozen=True)
class Behind:
    """One property (None: the municipality as a whole) and measure, its weighted amount in one part of the figure."""

    part: str
    property_id: str | None
    property_name: str | None
    use_category: str
    measure_code: str
    amount: Decimal | None
    unit: str
    status_code: str


@dataclass(frozen=True)
class SourceDelivery:
    """A delivery that published measures behind the figure came from."""

    delivery_id: int
    source: str
    stream: str
    file_name: str
    state: str
    measures: str
    source_rows: int


@dataclass(frozen=True)
class Explanation:
    """Everything said about one key figure. `verdicts` are those of its own topic and of topics it sums."""

    municipality_code: str
    year: int
    definition: Definition
    figure: Figure | None
    verdicts: tuple[Verdict, ...]
    behind: tuple[Behind, ...]
    deliveries: tuple[SourceDelivery, ...]
    traces: tuple[Trace, ...]

    def total(self, part: str) -> Decimal:
        """Sum of what is published behind a part: the stored sum, unless an input of another topic is held."""
        return sum((row.amount for row in self.behind if row.part == part and row.amount is not None), Decimal(0))


FIGURE = """
select edition_id, published_at, level, version, numerator, denominator, value, unit, status_code, flags,
    coverage_pct, n_units, reason
from marts.key_figures
where key_figure_code = %(code)s and municipality_code = %(municipality)s and year = %(year)s
    and level = 'municipality'
order by version desc limit 1
"""
DEFINITION = """
select key_figure_code, version, topic, name_da, name_en, unit, formula, scale, denominator_constant, adoption_state,
    definition_source
from register.key_figures
where key_figure_code = %(code)s
    and (version = %(version)s or %(version)s::integer is null
        and valid_from <= %(year)s and coalesce(valid_to, %(year)s) >= %(year)s)
order by version desc limit 1
"""
# The fallback denominator is behind the value only where the figure says so.
SCOPES = """
scopes as (
    select s.part, t.weight, s.component_code as measure_code, s.use_category, s.tenure
    from register.key_figure_term_scopes s
    join register.key_figure_terms t using (key_figure_code, version, part, term_no)
    where s.key_figure_code = %(code)s and s.version = %(version)s
        and s.part in ('numerator', %(denominator)s)
)
"""
BEHIND = f"""
with {SCOPES}
select s.part, m.property_id, max(p.name) as property_name, m.use_category, m.measure_code,
    sum(s.weight * m.amount) as amount, max(m.unit) as unit, max(m.status_code) as status_code
from marts.measures m
join scopes s using (measure_code, use_category, tenure)
left join marts.dim_properties p on p.municipality_code = m.municipality_code and p.property_id = m.property_id
where m.municipality_code = %(municipality)s and m.year = %(year)s
    and (%(property)s::text is null or m.property_id = %(property)s)
group by s.part, m.property_id, m.use_category, m.measure_code
order by s.part desc, abs(sum(s.weight * m.amount)) desc nulls last, m.property_id, m.measure_code
"""
# Materialized: the planner expects one row of deliveries, and would sum up anew for each.
DELIVERIES = f"""
with {SCOPES},
summed as materialized (
    select distinct m.topic, m.measure_code
    from marts.measures m
    join scopes s using (measure_code, use_category, tenure)
    where m.municipality_code = %(municipality)s and m.year = %(year)s
)
select d.delivery_id, d.source, d.stream, d.file_name, d.state,
    string_agg(distinct l.measure_code, ' ' order by l.measure_code) as measures,
    cast(sum(l.source_rows) as bigint) as source_rows
from marts.measure_deliveries l
join summed using (topic, measure_code)
join ops.deliveries d using (delivery_id)
where l.municipality_code = %(municipality)s and l.year = %(year)s
group by d.delivery_id, d.source, d.stream, d.file_name, d.state
order by d.source, d.stream, d.delivery_id
"""
VERDICTS = f"""
with {SCOPES}
select topic, year, verdict, reason from marts.gate_verdicts
where municipality_code = %(municipality)s and year = %(year)s
    and (topic = %(topic)s or topic in (
        select u.topic from scopes join register.use_categories u using (use_category)
    ) and verdict = 'hold')
order by topic <> %(topic)s, topic
"""


def explain(
    settings: Settings,
    code: str,
    municipality: str,
    year: int,
    *,
    property_id: str | None = None,
    to_postings: bool = False,
) -> Explanation:
    """Explain the published municipality figure of a code, municipality and year.

    Args:
        settings: where the warehouse is.
        code: key figure.
        municipality: four digits.
        year: calendar year.
        property_id: only what this property brings to the figure.
        to_postings: also go from the measures to posting lines and meters.

    Raises:
        ExplainError: unknown code or municipality, or no definition valid in the year.
    """
    bound: dict[str, Any] = {"code": code, "municipality": municipality, "year": year, "property": property_id}
    with connect("ejd_publisher", settings=settings) as connection:
        _check_municipality(connection, municipality)
        figure = _one(connection, Figure, FIGURE, bound)
        bound["version"] = figure.version if figure else None
        definition = _one(connection, Definition, DEFINITION, bound)
        if definition is None:
            raise ExplainError(_unknown(connection, code, year))
        fallback = figure is not None and "fallback_denominator" in figure.flags.split(",")
        bound |= {
            "version": definition.version,
            "topic": definition.topic,
            "denominator": "fallback_denominator" if fallback else "denominator",
        }
        return Explanation(
            municipality,
            year,
            definition,
            figure,
            tuple(_all(connection, Verdict, VERDICTS, bound)),
            tuple(_all(connection, Behind, BEHIND, bound)),
            tuple(_all(connection, SourceDelivery, DELIVERIES, bound)),
            tuple(trace(connection, bound)) if to_postings and figure else (),
        )


def _one(connection: psycopg.Connection, kind: type[Row], query: str, bound: dict[str, Any]) -> Row | None:
    return next(iter(_all(connection, kind, query, bound)), None)


def _all(connection: psycopg.Connection, kind: type[Row], query: str, bound: dict[str, Any]) -> list[Row]:
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(query.encode(), bound).fetchall()


def _check_municipality(connection: psycopg.Connection, municipality: str) -> None:
    known = [row[0] for row in connection.execute("select municipality_code from register.municipalities order by 1")]
    if not known:
        raise ExplainError(
            "no municipality is configured here: begin with `ejendomstal new-municipality`, or name the home of "
            "another warehouse in EJENDOMSTAL_HOME (var/demo after `make demo`)."
        )
    if municipality not in known:
        raise ExplainError(f"no municipality {municipality} is configured: use one of {', '.join(known)}.")


def _unknown(connection: psycopg.Connection, code: str, year: int) -> str:
    codes = connection.execute("select distinct key_figure_code from register.key_figures order by 1").fetchall()
    known = [row[0] for row in codes]
    if code in known:
        return f"no version of {code} is valid in {year}: see the register's page of {code}."
    near = difflib.get_close_matches(code, known, 3, 0.5) or known
    return f"the register has no key figure {code}: did you mean {', '.join(near) or 'to load the register first'}?"
