"""Cost on a property without area."""

from expectations.rule import Rule

HELD_PCT = 10

# Let-out area is area too: the cost of a property that is let out has something to stand on.
QUERY = f"""
with properties as (
    select m.municipality_code, m.topic, m.year, m.property_id,
        sum(case when r.kind = 'cost' and m.measure_code not in ('C_IKKE', 'C_UMAPPED') then m.amount end) as dkk,
        sum(case when m.measure_code in ('A_BDA', 'A_UDLEJET') then m.amount end) as m2
    from audit.fct_measures m
    join register.measures r using (measure_code)
    where m.property_id is not null
    group by m.municipality_code, m.topic, m.year, m.property_id
),
judged as (
    select *, coalesce(dkk > 0, false) and coalesce(m2, 0) <= 0 as is_failed
    from properties
),
shares as (
    select *,
        100 * sum(case when is_failed then dkk else 0 end) over scope
            / nullif(sum(case when dkk > 0 then dkk else 0 end) over scope, 0) as pct
    from judged
    window scope as (partition by municipality_code, topic, year)
)
select municipality_code, topic, year, 'property ' || property_id as key, is_failed,
    case when pct < {HELD_PCT} then 'warning' else 'hold' end as severity,
    dkk || ' DKK and no area; such properties have ' || round(pct, 1) || ' pct of the topic''s cost' as observed,
    'an area where there is cost; held from {HELD_PCT} pct' as expected,
    'add the property''s area in FM or BBR, or correct its link in property_links.csv' as advice
from shares
"""

AREA_PRESENT = Rule(
    name="area_present",
    title="A property with cost has an area",
    severities=frozenset({"warning", "hold"}),
    applies="select exists (select from audit.fct_measures where property_id is not null)",
    query=QUERY,
)
