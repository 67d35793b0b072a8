"""The statements of a publication, set-based over all scopes. They run in one transaction, in the order given here.

Temporary tables of the transaction:
- `withheld_figures`: key figures that sum an input which holds another topic, with the reason.
- `warned_figures`: values that failed a warning of the gate.
- `new_key_figures`: what `published.key_figures` would show, one row per row of the candidate; `new_measures` is the
  same for measures. What is suppressed (warehouse/suppression_sql.py) is not in them.
- `scopes`: one row per scope that passed, with its content hash; `is_changed` against the pointer.
"""

from __future__ import annotations

from expectations.rules import FLAGGING
from warehouse.suppression_sql import SUPPRESS

DIMENSIONS = {
    "municipalities": "dim_municipalities",
    "properties": "dim_properties",
    "buildings": "dim_buildings",
    "area_reconciliation": "fct_area_reconciliation",
    "unlinked": "fct_unlinked",
}
TOPIC_SOURCES = {
    "key_figures": "new_key_figures",
    "measures": "new_measures",
    "coverage": "audit.fct_coverage",
    "measure_deliveries": "audit.fct_measure_deliveries",
    "heat_correction": "audit.fct_heat_correction",
    "cost_keys": "audit.fct_cost_keys",
    "cost_destinations": "audit.fct_cost_destinations",
    "meter_quantities": "audit.fct_meter_quantities",
}
# What makes a scope's content. Its lineage does not: a delivery that brings the same numbers again would otherwise
# write every measure of every year anew, and what is published still came from the deliveries it names.
HASHED = ("key_figures", "measures", "coverage")
KEY_FIGURE_COLUMNS = (
    "municipality_code, topic, year, level, key_figure_code, version, numerator, denominator, value, unit, "
    "status_code, flags, coverage_pct, n_units, reason, use_category, area_basis, price_basis"
)

WITHHELD_FIGURES = """
create temporary table withheld_figures on commit drop as
select w.municipality_code, w.year, l.level, l.use_category, s.key_figure_code, s.version,
    bool_or(s.part <> 'numerator') as in_denominator,
    string_agg(
        distinct w.measure_code || ' of ' || w.use_category || ' ' || w.year || ' is held: ' || w.rule, '; '
    ) as reason
from ops.withheld_inputs w
join register.key_figure_term_scopes s on s.component_code = w.measure_code and s.use_category = w.use_category
join register.key_figures k on k.key_figure_code = s.key_figure_code and k.version = s.version
join audit.fct_key_figures l
    on l.municipality_code = w.municipality_code and l.year = w.year
    and l.key_figure_code = s.key_figure_code and l.version = s.version
    and (l.level = 'municipality' or l.use_category = w.use_category or w.use_category = 'none')
where w.candidate_id = %(candidate_id)s and k.topic <> w.topic
group by w.municipality_code, w.year, l.level, l.use_category, s.key_figure_code, s.version
"""

WARNED_FIGURES = f"""
create temporary table warned_figures on commit drop as
select distinct f.municipality_code, f.topic, f.year, k.level, k.use_category, k.key_figure_code, k.version
from ops.gate_failures f
join audit.fct_key_figures k
    on k.municipality_code = f.municipality_code and k.topic = f.topic and k.year = f.year
    and f.key = k.key_figure_code || ' ' || case k.level when 'municipality' then k.level else k.use_category end
where f.candidate_id = %(candidate_id)s and f.severity = 'warning' and f.rule in {FLAGGING}
"""

# A good value that readers see is not replaced by a withheld one: its row stays, flagged. A row that was kept before
# stays as it is, so that the scope's content does not change for that.
NEW_KEY_FIGURES = """
create temporary table new_key_figures on commit drop as
with kept as (
    select k.municipality_code, k.topic, k.year, k.level, k.key_figure_code, k.version,
        case when g.value is not null then g.numerator when w.reason is null then k.numerator end as numerator,
        case
            when g.value is not null then g.denominator
            when w.in_denominator is not true then k.denominator
        end as denominator,
        case when g.value is not null then g.value when w.reason is null then k.value end as value,
        k.unit,
        case when g.value is not null then g.status_code when w.reason is null then k.status_code else 'x' end
            as status_code,
        case
            when w.reason is null then k.flags
            when g.value is null then concat_ws(',', nullif(k.flags, ''), 'input_withheld')
            when 'last_good' = any(string_to_array(g.flags, ',')) then g.flags
            else concat_ws(',', nullif(g.flags, ''), 'last_good')
        end as flags,
        case when g.value is not null then g.coverage_pct else k.coverage_pct end as coverage_pct,
        case when g.value is not null then g.n_units else k.n_units end as n_units,
        case
            when w.reason is null then k.reason
            when g.value is null then w.reason
            when 'last_good' = any(string_to_array(g.flags, ',')) then g.reason
            else 'value of edition ' || g.edition_id || '; ' || w.reason
        end as reason,
        k.use_category, k.area_basis, k.price_basis
    from audit.fct_key_figures k
    left join withheld_figures w
        on w.municipality_code = k.municipality_code and w.year = k.year
        and w.level = k.level and w.use_category = k.use_category
        and w.key_figure_code = k.key_figure_code and w.version = k.version
    left join marts.key_figures g
        on w.reason is not null and g.value is not null
        and g.municipality_code = k.municipality_code and g.topic = k.topic and g.year = k.year and g.level = k.level
        and g.use_category = k.use_category and g.key_figure_code = k.key_figure_code and g.version = k.version
)
select k.municipality_code, k.topic, k.year, k.level, k.key_figure_code, k.version,
    case when h.reason is null then k.numerator end as numerator,
    case when h.reason is null then k.denominator end as denominator,
    case when h.reason is null then k.value end as value,
    k.unit,
    case
        when h.reason is not null then 'c'
        when w.key_figure_code is not null and k.value is not null and k.status_code in ('', 'p', 'e', 'b') then 'u'
        else k.status_code
    end as status_code,
    case
        when w.key_figure_code is null or k.value is null or h.reason is not null then k.flags
        else concat_ws(',', nullif(k.flags, ''), 'gate_warning')
    end as flags,
    k.coverage_pct, k.n_units, coalesce(h.reason, k.reason) as reason, k.use_category, k.area_basis, k.price_basis
from kept k
left join hidden_figures h
    on h.municipality_code = k.municipality_code and h.year = k.year and h.use_category = k.use_category
    and h.key_figure_code = k.key_figure_code and h.version = k.version
left join warned_figures w
    on w.municipality_code = k.municipality_code and w.topic = k.topic and w.year = k.year and w.level = k.level
    and w.use_category = k.use_category and w.key_figure_code = k.key_figure_code and w.version = k.version
"""

PASSED = """
create temporary table passed on commit drop as
select municipality_code, topic, year from ops.gate_results
where candidate_id = %(candidate_id)s and verdict in ('publish', 'publish with warnings')
"""


def _part(published: str, source: str, municipality: str, topic: str, year: str) -> str:
    # A sum does not depend on the order of rows; the count keeps two equal rows apart from none.
    return (
        f"select {municipality}, {topic}, {year}, '{published}' as part, "
        f"count(*) || ':' || sum(hashtextextended(cast(t as text), 0)::numeric) as content "
        f"from {source} t group by 1, 2, 3"
    )


_PARTS = " union all ".join(
    [_part(table, TOPIC_SOURCES[table], "municipality_code", "topic", "year") for table in HASHED]
    + [
        _part(table, f"audit.{source}", "municipality_code", "'property_model'", "0")
        for table, source in DIMENSIONS.items()
    ]
)

SCOPES = f"""
create temporary table scopes on commit drop as
with parts (municipality_code, topic, year, part, content) as ({_PARTS}),
hashed as (
    select municipality_code, topic, year,
        encode(sha256(convert_to(string_agg(part || '=' || content, ';' order by part), 'UTF8')), 'hex')
            as content_sha256
    from passed
    join parts using (municipality_code, topic, year)
    group by municipality_code, topic, year
)
select h.*, p.edition_id as old_edition_id, h.content_sha256 is distinct from p.content_sha256 as is_changed
from hashed h
left join published.pointers p using (municipality_code, topic, year)
"""

# One after the other: each reads what those before it made. A suppressed figure that readers see stays suppressed.
PREPARE = (*SUPPRESS, WARNED_FIGURES, WITHHELD_FIGURES, NEW_KEY_FIGURES, PASSED, SCOPES, "analyze scopes")

COUNT_SCOPES = """
select count(*) filter (where is_changed), count(*) filter (where not is_changed),
    (select count(*) from ops.gate_results where candidate_id = %(candidate_id)s and verdict = 'hold')
from scopes
"""

WRITE_KEY_FIGURES = f"""
insert into published.key_figures (edition_id, {KEY_FIGURE_COLUMNS})
select %(edition_id)s, {KEY_FIGURE_COLUMNS}
from new_key_figures
join scopes using (municipality_code, topic, year)
where is_changed
"""


def write_topic_table(table: str) -> str:
    """Append the changed scopes of a table whose audit model has the same columns in the same order."""
    # Measures in the order of their index, so that those of one key figure lie together.
    order = "order by measure_code, use_category, tenure, year, municipality_code" if table == "measures" else ""
    return (
        f"insert into published.{table} select %(edition_id)s, t.* from {TOPIC_SOURCES[table]} t "
        "where (t.municipality_code, t.topic, t.year) in "
        f"(select municipality_code, topic, year from scopes where is_changed) {order}"
    )


def write_dimension(table: str) -> str:
    """Append a dimension of the municipalities whose property model changed."""
    return (
        f"insert into published.{table} select %(edition_id)s, t.* from audit.{DIMENSIONS[table]} t "
        "where t.municipality_code in "
        "(select municipality_code from scopes where is_changed and topic = 'property_model')"
    )


# A figure that was published and is no longer in the scope is withdrawn: status z.
WRITE_REVISIONS = """
insert into published.revisions (edition_id, municipality_code, topic, year, level, key_figure_code, version,
    old_edition_id, old_value, new_value, old_status_code, new_status_code, published_at, use_category)
select %(edition_id)s, o.municipality_code, o.topic, o.year, o.level, o.key_figure_code, o.version,
    o.edition_id, o.value, n.value, o.status_code, coalesce(n.status_code, 'z'), e.published_at, o.use_category
from scopes s
join published.editions e on e.edition_id = %(edition_id)s
join published.key_figures o
    on o.municipality_code = s.municipality_code and o.topic = s.topic and o.year = s.year
    and o.edition_id = s.old_edition_id
left join new_key_figures n
    on n.municipality_code = o.municipality_code and n.topic = o.topic and n.year = o.year and n.level = o.level
    and n.use_category = o.use_category and n.key_figure_code = o.key_figure_code and n.version = o.version
where s.is_changed
    and (o.value is distinct from n.value or o.status_code is distinct from coalesce(n.status_code, 'z'))
"""

WRITE_SCOPE_EDITIONS = """
insert into published.scope_editions (edition_id, municipality_code, topic, year, content_sha256, published_at)
select e.edition_id, s.municipality_code, s.topic, s.year, s.content_sha256, e.published_at
from scopes s
join published.editions e on e.edition_id = %(edition_id)s
where s.is_changed
"""

MOVE_POINTERS = """
insert into published.pointers (municipality_code, topic, year, edition_id, content_sha256, published_at)
select s.municipality_code, s.topic, s.year, e.edition_id, s.content_sha256, e.published_at
from scopes s
join published.editions e on e.edition_id = %(edition_id)s
where s.is_changed
on conflict (municipality_code, topic, year) do update
set edition_id = excluded.edition_id, content_sha256 = excluded.content_sha256, published_at = excluded.published_at
"""
