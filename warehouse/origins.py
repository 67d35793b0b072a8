"""Where the measures behind a figure come from: posting lines of the ledger, meters, corrected heat.

Each origin brings an amount to a measure; together they are its sum, so that each step can be held against the one
above.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import class_row

# Which meters a quantity is made of, as in dbt's int_energy__consumed.
QUANTITIES = {
    "Q_EL": ("Q_EL",),
    "Q_VARME": ("Q_VARME",),
    "Q_KOEL": ("Q_KOEL",),
    "Q_VAND": ("Q_VAND",),
    "Q_EL_EGEN": ("Q_EL_EGEN",),
    "Q_KOEL_EKV": ("Q_KOEL",),
    "Q_CO2E": ("Q_EL", "Q_VARME", "Q_KOEL"),
    "Q_VE": ("Q_EL", "Q_VARME", "Q_KOEL", "Q_EL_EGEN"),
}
HEAT_CORRECTED = "Q_VARME_K"


@dataclass(frozen=True)
class Origin:
    """One posting line, meter or correction: what it says, the share or factor, and what of it counts.

    `delivery_id` and `row_no` name the row of the delivery it came in; a meter has many rows, so none.
    """

    measure_code: str
    kind: str
    property_id: str | None
    delivery_id: int | None
    row_no: int | None
    name: str | None
    date: Any
    account: str | None
    source_amount: Decimal | None
    share: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True)
class Trace:
    """All origins of one measure in a figure. `measured` is the sum of its published rows, `traced` of the origins."""

    measure_code: str
    unit: str
    measured: Decimal
    traced: Decimal
    origins: tuple[Origin, ...]


# Use categories and tenures in which a measure counts in the figure. A measure of both parts is traced once.
# Materialized, for a planner that expects one row of lines or meters would find them anew for each.
SCOPES = """
with scopes as materialized (
    select distinct measure_code, use_category, tenure
    from marts.lineage_terms
    where key_figure_code = %(code)s and version = %(version)s and municipality_code = %(municipality)s
        and year = %(year)s and level = 'municipality'
)
"""
POSTINGS = f"""{SCOPES}
select l.measure_code, 'posting' as kind, l.property_id, l.delivery_id, l.row_no,
    concat_ws(' / ', l.document_no, l.line_no) as name, l.posting_date as date, l.account,
    l.posted_dkk as source_amount, l.share, l.amount
from marts.lineage_postings(%(municipality)s, %(year)s, %(measures)s, %(property)s) l
join scopes s using (measure_code, use_category, tenure)
"""
METERS = f"""{SCOPES}
select s.measure_code, 'meter' as kind, m.property_id, m.delivery_id, null::bigint as row_no, m.meter_id as name,
    null::date as date, m.carrier as account, m.amount as source_amount, f.factor as share,
    m.amount * f.factor as amount
from marts.lineage_meters m
join unnest(%(quantities)s::text[], %(metered)s::text[]) as made (measure_code, metered)
    on made.metered = m.measure_code
join scopes s
    on s.measure_code = made.measure_code and s.use_category = m.use_category and s.tenure = m.tenure
cross join lateral (
    select case made.measure_code
        when 'Q_CO2E' then m.kg_co2e_per_kwh
        when 'Q_VE' then m.renewable_share
        when 'Q_KOEL_EKV' then 1.0 / 3
        else 1
    end as factor
) f
where m.municipality_code = %(municipality)s and m.year = %(year)s and m.amount is not null
    and (%(property)s::text is null or m.property_id = %(property)s)
"""
HEAT = f"""{SCOPES}
select s.measure_code, 'degree days' as kind, h.property_id, null::bigint as delivery_id, null::bigint as row_no,
    h.degree_day_source as name, null::date as date, h.degree_day_area as account, h.heat_kwh as source_amount,
    h.corrected_kwh / nullif(h.heat_kwh, 0) as share, h.corrected_kwh as amount
from marts.heat_correction h
join scopes s using (use_category, tenure)
where s.measure_code = '{HEAT_CORRECTED}' and h.municipality_code = %(municipality)s and h.year = %(year)s
    and h.status_code <> 'x' and (%(property)s::text is null or h.property_id = %(property)s)
"""
MEASURED = """
select measure_code, max(unit) as unit, sum(measure_amount) as amount
from (
    select distinct measure_code, unit, property_id, building_id, use_category, tenure, measure_amount
    from marts.lineage_terms
    where key_figure_code = %(code)s and version = %(version)s and municipality_code = %(municipality)s
        and year = %(year)s and level = 'municipality'
        and (%(property)s::text is null or property_id = %(property)s)
) as measures
where measure_amount is not null
group by measure_code
order by measure_code
"""


def trace(connection: psycopg.Connection, bound: dict[str, Any]) -> Iterator[Trace]:
    """Trace every measure of a municipality's figure that has origins of its own, in the order of the codes.

    Args:
        connection: may read marts.
        bound: code, version, municipality, year, and property (None: all).
    """
    measured = connection.execute(MEASURED.encode(), bound).fetchall()
    found: dict[str, list[Origin]] = {measure: [] for measure, _, _ in measured if _has_origins(measure)}
    for query, more in _queries(found):
        with connection.cursor(row_factory=class_row(Origin)) as cursor:
            for origin in cursor.execute(query.encode(), bound | more):
                found[origin.measure_code].append(origin)
    for measure, unit, amount in measured:
        if measure in found:
            origins = sorted(found[measure], key=_size, reverse=True)
            yield Trace(measure, unit, amount, _sum(origins), tuple(origins))


def _has_origins(measure: str) -> bool:
    return measure in QUANTITIES or measure == HEAT_CORRECTED or _is_cost(measure)


def _is_cost(measure: str) -> bool:
    """Whether posting lines of the year make it: means over years and national statistics are made of none."""
    return measure.startswith(("C_", "I_")) and not measure.endswith(("AAR", "NETTO"))


def _queries(measures: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    costs = [measure for measure in measures if _is_cost(measure)]
    made = [(measure, meters) for measure in measures for meters in QUANTITIES.get(measure, ())]
    if costs:
        yield POSTINGS, {"measures": costs}
    if made:
        yield METERS, {"quantities": [measure for measure, _ in made], "metered": [meters for _, meters in made]}
    if HEAT_CORRECTED in measures:
        yield HEAT, {}


def _size(origin: Origin) -> Decimal:
    return abs(origin.amount or Decimal(0))


def _sum(origins: Iterable[Origin]) -> Decimal:
    return sum((one.amount for one in origins if one.amount is not None), Decimal(0))
