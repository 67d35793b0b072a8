"""The key figures of a publication: what readers would see of the candidate. Temporary tables of its transaction.

- `withheld_figures`: key figures that sum an input which holds another topic, with the reason.
- `warned_figures`: values that failed a warning of the gate.
- `moved_figures`: what readers have seen, as it was and as it would be, where value or status is another one.
- `new_key_figures`: what `published.key_figures` would show: one row per row of the candidate, and one per value that
  readers have seen and that is withdrawn. What is suppressed (warehouse/suppression_sql.py) is not in them.
"""

from __future__ import annotations

from expectations.rules import FLAGGING

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
    left join (
        select * from marts.key_figures
        where value is not null
            and (municipality_code, year) in (select municipality_code, year from withheld_figures)
    ) g
        on w.reason is not null
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

# A value that readers have seen does not go without a trace. Once withdrawn, its row stays as it is: a scope's content
# does not change for that again. A row that never had a value and is gone is nothing: what was seen of it was that.
MOVED_FIGURES = """
create temporary table moved_figures on commit drop as
with latest as (
    select municipality_code, topic, year, key_figure_code, max(version) as version
    from new_key_figures
    group by municipality_code, topic, year, key_figure_code
)
select g.edition_id as old_edition_id, g.municipality_code, g.topic, g.year, g.level, g.key_figure_code, g.version,
    g.use_category, g.unit, g.area_basis, g.price_basis, g.numerator as old_numerator,
    g.denominator as old_denominator, g.value as old_value, g.status_code as old_status_code, n.numerator,
    n.denominator, n.value, coalesce(n.status_code, 'z') as status_code, n.municipality_code is null as is_withdrawn,
    case
        when n.municipality_code is not null then n.reason
        when g.status_code = 'z' then g.reason
        when l.version > g.version
            then 'a later version of the definition has taken its place; last value in edition ' || g.edition_id
        else 'withdrawn; last value in edition ' || g.edition_id
    end as reason
from marts.key_figures g
left join new_key_figures n
    on n.municipality_code = g.municipality_code and n.topic = g.topic and n.year = g.year and n.level = g.level
    and n.use_category = g.use_category and n.key_figure_code = g.key_figure_code and n.version = g.version
left join latest l
    on n.municipality_code is null and l.municipality_code = g.municipality_code and l.topic = g.topic
    and l.year = g.year and l.key_figure_code = g.key_figure_code
where case
    when n.municipality_code is null then g.value is not null or g.status_code = 'z'
    else g.value is distinct from n.value or g.status_code is distinct from n.status_code
end
"""
WITHDRAWN_FIGURES = """
insert into new_key_figures
select municipality_code, topic, year, level, key_figure_code, version, null, null, null, unit, status_code, '', null,
    0, reason, use_category, area_basis, price_basis
from moved_figures
where is_withdrawn
"""
