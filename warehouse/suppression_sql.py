"""What is suppressed when rows are written (key_figures.md 6.10).

Decided once for a candidate, since measures are many and nothing else than it is asked:
- `persons_rules`, `persons` (temporary): measures that count persons, and how many there must be at least; how many
  persons each of them counts, by property, use category and tenure.
- `ops.hidden_measures`: measure rows whose amount is not written.
- `ops.hidden_figures`: key figures whose value and parts are not written, with the reason.

Applied in a publication's transaction (temporary):
- `new_measures`: the candidate's measures as they are written.
- `hidden_figures`: those decided on, and those from whose parts a restricted property could be worked out
  (`ops.protected_figures`), as restrictions are at that moment.

A zero is no person and stays. Whoever knows a total and all parts but one knows that one: then the smallest of the
others is hidden with it.
"""

from __future__ import annotations

PERSONS_RULES = """
create temporary table persons_rules on commit drop as
select persons_measure as measure_code, max(min_persons) as min_persons
from register.key_figures
where min_persons is not null and persons_measure is not null
group by persons_measure
"""

# Measures are gone through once: they are many, and what counts persons is a small part of them. A filter, since a
# join with so small a table, whose statistics nobody has made, hashes the many.
PERSONS = """
create temporary table persons on commit drop as
select m.municipality_code, m.year, m.measure_code, m.use_category, m.tenure, m.property_id, sum(m.amount) as persons
from audit.fct_measures m
where m.measure_code = any (array(select measure_code from persons_rules))
group by m.municipality_code, m.year, m.measure_code, m.use_category, m.tenure, m.property_id
"""

# Persons of one property are counted together, whatever uses they are spread over.
HIDDEN_MEASURES = """
insert into ops.hidden_measures (municipality_code, year, measure_code, use_category, property_id)
with counted as (
    select municipality_code, year, measure_code, use_category, property_id, sum(persons) as persons
    from persons
    where property_id is not null
    group by municipality_code, year, measure_code, use_category, property_id
    having sum(persons) > 0
),
small as (
    select municipality_code, year, measure_code, property_id
    from counted
    join persons_rules using (measure_code)
    group by municipality_code, year, measure_code, property_id, min_persons
    having sum(persons) < min_persons
),
hidden as (
    select municipality_code, year, measure_code, use_category, property_id
    from counted
    join small using (municipality_code, year, measure_code, property_id)
),
alone as (
    select municipality_code, year, measure_code, use_category, min(property_id) as hidden_id
    from hidden
    group by municipality_code, year, measure_code, use_category
    having count(*) = 1
),
smallest_other as (
    select distinct on (municipality_code, year, measure_code, use_category)
        municipality_code, year, measure_code, use_category, property_id
    from counted
    join alone using (municipality_code, year, measure_code, use_category)
    where property_id <> hidden_id
    order by municipality_code, year, measure_code, use_category, persons, property_id
)
select * from hidden
union all
select * from smallest_other
"""

HIDDEN_FIGURES = """
insert into ops.hidden_figures (municipality_code, year, key_figure_code, version, use_category, reason)
with scopes as (
    select distinct k.key_figure_code, k.version, k.persons_measure, k.min_persons, s.use_category, s.tenure
    from register.key_figures k
    join register.key_figure_term_scopes s using (key_figure_code, version)
    where k.min_persons is not null and k.persons_measure is not null and s.use_category <> 'none'
),
counted as (
    select m.municipality_code, m.year, s.key_figure_code, s.version, s.min_persons,
        coalesce(m.use_category, '') as use_category, sum(m.persons) as persons
    from persons m
    join scopes s
        on s.persons_measure = m.measure_code and s.use_category = m.use_category and s.tenure = m.tenure
    group by grouping sets (
        (m.municipality_code, m.year, s.key_figure_code, s.version, s.min_persons),
        (m.municipality_code, m.year, s.key_figure_code, s.version, s.min_persons, m.use_category)
    )
),
judged as (
    select *, coalesce(persons > 0 and persons < min_persons, false) as is_hidden from counted
),
ranked as (
    select *,
        count(*) filter (where is_hidden and use_category <> '')
            over (partition by municipality_code, year, key_figure_code, version) as hidden_parts,
        bool_or(is_hidden and use_category = '')
            over (partition by municipality_code, year, key_figure_code, version) as total_is_hidden,
        row_number() over (
            partition by municipality_code, year, key_figure_code, version, is_hidden or use_category = ''
            order by persons, use_category
        ) as smallest_first
    from judged
)
select municipality_code, year, key_figure_code, version, use_category,
    case
        when is_hidden then 'fewer than ' || min_persons || ' persons are behind it'
        else 'a suppressed part could be worked out from it'
    end
from ranked
where is_hidden
    or hidden_parts = 1 and not total_is_hidden and use_category <> '' and persons > 0 and smallest_first = 1
"""

# Both tables are of the candidate that was judged last: no other can be published.
DECIDE = (
    "delete from ops.hidden_measures",
    "delete from ops.hidden_figures",
    PERSONS_RULES,
    PERSONS,
    HIDDEN_MEASURES,
    HIDDEN_FIGURES,
    "update ops.candidates set suppressed_at = clock_timestamp() where candidate_id = %(candidate_id)s",
)

NEW_MEASURES = """
create temporary view new_measures as
select m.municipality_code, m.topic, m.year, m.property_id, m.building_id, m.use_category, m.tenure, m.measure_code,
    case when h.property_id is null then m.amount end as amount, m.unit,
    case when h.property_id is null then m.status_code else 'c' end as status_code
from audit.fct_measures m
left join ops.hidden_measures h
    on h.municipality_code = m.municipality_code and h.year = m.year and h.measure_code = m.measure_code
    and h.use_category = m.use_category and h.property_id = m.property_id
"""

ALL_HIDDEN_FIGURES = """
create temporary table hidden_figures on commit drop as
select municipality_code, year, key_figure_code, version, use_category,
    coalesce(h.reason, 'a restricted property could be worked out from it') as reason
from ops.hidden_figures h
full join ops.protected_figures using (municipality_code, year, key_figure_code, version, use_category)
"""

APPLY = (NEW_MEASURES, ALL_HIDDEN_FIGURES)
