"""The statements of a publication, set-based over all scopes. They run in one transaction, in the order given here.

Temporary tables of the transaction, beside those of warehouse/publish_figures_sql.py:
- `scopes`: one row per scope that passed, with its content hash. `is_changed`: against the pointer; `is_signed`: the
  newest signature is under this very content; `is_locked`: final, or of a closed year; `is_covered`: what an edition
  of this kind is about; `is_written`: covered and changed; `is_measured`: written, and its measures are others than
  readers see (`has_other_measures`); `is_made_final`: covered by a final edition.
"""

from __future__ import annotations

from expectations.rules import FLAGGING
from warehouse import suppression_sql
from warehouse.publish_figures_sql import (
    MOVED_FIGURES,
    NEW_KEY_FIGURES,
    WARNED_FIGURES,
    WITHDRAWN_FIGURES,
    WITHHELD_FIGURES,
)

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
KEY_FIGURE_COLUMNS = (
    "municipality_code, topic, year, level, key_figure_code, version, numerator, denominator, value, unit, "
    "status_code, flags, coverage_pct, n_units, reason, use_category, area_basis, price_basis"
)

PASSED = """
create temporary table passed on commit drop as
select municipality_code, topic, year from ops.gate_results
where candidate_id = %(candidate_id)s and verdict in ('publish', 'publish with warnings')
"""


# Rows are counted and hashed when measures are built; what suppression does to some of them comes on top.
MOVED_MEASURES = """
create temporary table moved_measures on commit drop as
select m.municipality_code, m.topic, m.year,
    sum(hash_record_extended(row(
        m.municipality_code, m.topic, m.year, m.property_id, m.building_id, m.use_category, m.tenure, m.measure_code,
        cast(null as numeric), m.unit, cast('c' as text)
    ), 0)::numeric - hash_record_extended(m, 0)) as hash_sum
from audit.fct_measures m
join ops.hidden_measures using (municipality_code, year, measure_code, use_category, property_id)
group by m.municipality_code, m.topic, m.year
"""
_MEASURES = """
select c.municipality_code, c.topic, c.year, 'measures', c.measure_rows || ':' || (c.hash_sum + coalesce(m.hash_sum, 0))
from audit.fct_measure_contents c
left join moved_measures m using (municipality_code, topic, year)
"""


def _part(published: str, source: str, municipality: str, topic: str, year: str) -> str:
    # A sum does not depend on the order of rows; the count keeps two equal rows apart from none.
    return (
        f"select {municipality}, {topic}, {year}, '{published}' as part, "
        f"count(*) || ':' || sum(hash_record_extended(t, 0)) as content "
        f"from {source} t group by 1, 2, 3"
    )


# What makes a scope's content. Its lineage does not: a delivery that brings the same numbers again would otherwise
# be an edition of every year, and what is published still came from the deliveries it names.
_PARTS = " union all ".join(
    [_part(table, TOPIC_SOURCES[table], "municipality_code", "topic", "year") for table in ("key_figures", "coverage")]
    + [_MEASURES]
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
            as content_sha256,
        coalesce(max(content) filter (where part = 'measures'), 'none') as measures_content
    from passed
    join parts using (municipality_code, topic, year)
    group by municipality_code, topic, year
)
select h.*, p.edition_id as old_edition_id, p.measures_edition_id as old_measures_edition_id,
    h.content_sha256 is distinct from p.content_sha256 as is_changed,
    s.content_sha256 is not distinct from h.content_sha256 as is_signed,
    h.topic <> 'property_model' and (f.edition_id is not null or h.year = any (%(closed_years)s)) as is_locked,
    h.measures_content is distinct from p.measures_content as has_other_measures,
    false as is_covered, false as is_written, false as is_measured, false as is_made_final
from hashed h
left join published.pointers p using (municipality_code, topic, year)
left join published.finals f using (municipality_code, topic, year)
left join (
    select distinct on (municipality_code, topic, year) municipality_code, topic, year, content_sha256
    from ops.sign_offs
    order by municipality_code, topic, year, sign_off_id desc
) s using (municipality_code, topic, year)
"""
# What an edition of each kind is about. The dimensions (topic property_model) are of no year and never final.
COVERED = {
    "provisional": "not is_locked",
    "final": "not is_locked and is_signed and year = any (%(final_years)s)",
    "correction": "is_locked",
}
COVER = """
update scopes
set is_covered = true, is_written = is_changed, is_measured = is_changed and has_other_measures,
    is_made_final = %(kind)s = 'final'
where {}
    and municipality_code = coalesce(%(municipality_code)s, municipality_code)
    and topic = coalesce(%(topic)s, topic) and year = coalesce(%(year)s, year)
"""

ANALYZE_FIGURES = (
    "analyze new_key_figures (municipality_code, topic, year, level, use_category, key_figure_code, version)"
)
# One after the other: each reads what those before it made. A suppressed figure that readers see stays suppressed.
PREPARE = (
    *suppression_sql.APPLY, WARNED_FIGURES, WITHHELD_FIGURES, NEW_KEY_FIGURES, ANALYZE_FIGURES, MOVED_FIGURES,
    WITHDRAWN_FIGURES, PASSED, MOVED_MEASURES, SCOPES,
)  # fmt: skip


def cover(kind: str) -> str:
    """Mark the scopes that an edition of this kind is about."""
    return COVER.format(COVERED[kind])


COUNT_SCOPES = """
select count(*) filter (where is_written) as written,
    count(*) filter (where not is_changed) as unchanged,
    (select count(*) from ops.gate_results where candidate_id = %(candidate_id)s and verdict = 'hold') as held,
    count(*) filter (where is_locked and is_changed and not is_covered) as locked,
    count(*) filter (where is_made_final) as made_final,
    count(*) filter (where not is_locked and not is_signed and year = any (%(final_years)s)) as unsigned
from scopes
"""

# A scope's figures lie together in the index.
WRITE_KEY_FIGURES = f"""
insert into published.key_figures (edition_id, {KEY_FIGURE_COLUMNS})
select %(edition_id)s, {KEY_FIGURE_COLUMNS}
from new_key_figures
join scopes using (municipality_code, topic, year)
where is_written
order by municipality_code, topic, year
"""


def write_topic_table(table: str) -> str:
    """Append the changed scopes of a table whose audit model has the same columns in the same order."""
    # Those of one key figure lie together. Texts compared as bytes are abbreviated, which halves the time of the sort.
    order = 'order by measure_code collate "C", municipality_code collate "C"' if table == "measures" else ""
    changed = "is_measured" if table == "measures" else "is_written"
    return (
        f"insert into published.{table} select %(edition_id)s, t.* from {TOPIC_SOURCES[table]} t "
        "where (t.municipality_code, t.topic, t.year) in "
        f"(select municipality_code, topic, year from scopes where {changed}) {order}"
    )


def write_dimension(table: str) -> str:
    """Append a dimension of the municipalities whose property model changed."""
    return (
        f"insert into published.{table} select %(edition_id)s, t.* from audit.{DIMENSIONS[table]} t "
        "where t.municipality_code in "
        "(select municipality_code from scopes where is_written and topic = 'property_model')"
    )


WRITE_REVISIONS = """
insert into published.revisions (edition_id, municipality_code, topic, year, level, key_figure_code, version,
    old_edition_id, old_value, new_value, old_status_code, new_status_code, published_at, use_category, reason)
select e.edition_id, m.municipality_code, m.topic, m.year, m.level, m.key_figure_code, m.version,
    m.old_edition_id, m.old_value, m.value, m.old_status_code, m.status_code, e.published_at, m.use_category,
    case
        when m.value is null then m.reason
        when m.old_value is null then 'has a value now'
        when m.old_value is distinct from m.value then concat_ws(
            '; ',
            case when m.old_numerator is distinct from m.numerator
                then 'numerator ' || trim_scale(m.old_numerator) || ' became ' || trim_scale(m.numerator) end,
            case when m.old_denominator is distinct from m.denominator
                then 'denominator ' || trim_scale(m.old_denominator) || ' became ' || trim_scale(m.denominator) end
        )
        else 'status changed'
    end
from moved_figures m
join scopes s using (municipality_code, topic, year)
join published.editions e on e.edition_id = %(edition_id)s
where s.is_written and (m.old_value is distinct from m.value or m.old_status_code is distinct from m.status_code)
"""

# Measures that are what readers see already stay with the edition that wrote them.
MEASURES_EDITION = "case when s.is_measured then e.edition_id else s.old_measures_edition_id end"
WRITE_SCOPE_EDITIONS = f"""
insert into published.scope_editions (edition_id, municipality_code, topic, year, content_sha256, measures_edition_id,
    published_at)
select e.edition_id, s.municipality_code, s.topic, s.year, s.content_sha256, {MEASURES_EDITION}, e.published_at
from scopes s
join published.editions e on e.edition_id = %(edition_id)s
where s.is_written
"""

MOVE_POINTERS = f"""
insert into published.pointers (municipality_code, topic, year, edition_id, content_sha256, measures_edition_id,
    measures_content, published_at)
select s.municipality_code, s.topic, s.year, e.edition_id, s.content_sha256, {MEASURES_EDITION}, s.measures_content,
    e.published_at
from scopes s
join published.editions e on e.edition_id = %(edition_id)s
where s.is_written
on conflict (municipality_code, topic, year) do update
set edition_id = excluded.edition_id, content_sha256 = excluded.content_sha256,
    measures_edition_id = excluded.measures_edition_id, measures_content = excluded.measures_content,
    published_at = excluded.published_at
"""

# A scope that becomes final is locked with the content that was signed; a correction takes its place.
LOCK_FINALS = """
insert into published.finals (municipality_code, topic, year, edition_id, content_sha256, locked_at)
select s.municipality_code, s.topic, s.year, e.edition_id, s.content_sha256, e.published_at
from scopes s
join published.editions e on e.edition_id = %(edition_id)s
where s.is_made_final or s.is_written and e.kind = 'correction'
on conflict (municipality_code, topic, year) do update
set edition_id = excluded.edition_id, content_sha256 = excluded.content_sha256, locked_at = excluded.locked_at
"""
# A candidate may be judged again, more strictly; what stood behind this edition is kept with it.
KEEP_JUDGEMENT = (
    """
insert into ops.edition_withheld_inputs
select %(edition_id)s, municipality_code, topic, use_category, measure_code, year, rule
from ops.withheld_inputs
where candidate_id = %(candidate_id)s
    and (municipality_code, year) in (select municipality_code, year from scopes where is_written)
""",
    f"""
insert into ops.edition_warnings
select distinct %(edition_id)s::bigint, rule, municipality_code, topic, year, key
from ops.gate_failures
where candidate_id = %(candidate_id)s and severity = 'warning' and rule in {FLAGGING}
    and (municipality_code, topic, year) in (select municipality_code, topic, year from scopes where is_written)
""",
)
