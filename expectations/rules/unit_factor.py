"""Inputs in another unit than last year: oere for kroner, kroner for 1,000 kroner, MWh for kWh."""

from expectations.rule import Rule

# A change of unit is a factor of 100 or 1,000; no real cost or use per m2 moves by 50 between two years.
FACTOR = 50
# Below one krone or kWh (0.05 m3 of water) per m2 a factor says nothing: a first small invoice may be 50 times none.
LEAST_PER_M2 = 1
LEAST_M3_PER_M2 = 0.05

# The reference is the last year that was not flagged itself. So the year after a wrong one, which falls back to the
# old level, is not flagged, and a second wrong year is.
QUERY = f"""
with recursive areas as (
    select municipality_code, use_category, year, sum(amount) as m2
    from gate_sums
    where measure_code = 'A_BDA'
    group by municipality_code, use_category, year
),
inputs as (
    select municipality_code, topic, use_category, measure_code, year, max(unit) as unit, sum(amount) as amount
    from gate_sums
    where kind in ('cost', 'quantity') and use_category <> 'none'
    group by municipality_code, topic, use_category, measure_code, year
),
series as (
    select i.*, i.amount / nullif(a.m2, 0) as per_m2,
        row_number() over (
            partition by i.municipality_code, i.topic, i.use_category, i.measure_code order by i.year
        ) as position
    from inputs i
    left join areas a using (municipality_code, use_category, year)
),
judged as (
    select s.*, cast(null as numeric) as reference, false as is_failed,
        case when s.per_m2 > 0 then s.per_m2 end as last_good
    from series s
    where s.position = 1
    union all
    select s.*, j.last_good, f.is_failed,
        case when s.per_m2 > 0 and not f.is_failed then s.per_m2 else j.last_good end
    from judged j
    join series s
        on s.municipality_code = j.municipality_code and s.topic = j.topic and s.use_category = j.use_category
        and s.measure_code = j.measure_code and s.position = j.position + 1
    cross join lateral (
        select coalesce(
            s.per_m2 > 0
            and (s.per_m2 / j.last_good >= {FACTOR} or s.per_m2 / j.last_good <= 1.0 / {FACTOR})
            and greatest(s.per_m2, j.last_good) >= case s.unit when 'm3' then {LEAST_M3_PER_M2} else {LEAST_PER_M2} end,
            false
        ) as is_failed
    ) f
)
select municipality_code, topic, year, use_category, measure_code, is_failed,
    measure_code || ' of ' || use_category as key,
    'hold' as severity,
    round(per_m2, 2) || ' ' || unit || '/m2' as observed,
    'less than {FACTOR} times up or down from ' || round(reference, 2) || ' ' || unit || '/m2' as expected,
    'check the unit of the delivery (DKK or oere, kWh or MWh) and deliver it again' as advice
from judged
"""

UNIT_FACTOR = Rule(
    name="unit_factor",
    title="A cost or quantity per m2 is not 50 times up or down from last year",
    severities=frozenset({"hold"}),
    applies="select exists (select from gate_sums where kind in ('cost', 'quantity') and use_category <> 'none')",
    query=QUERY,
    withholds_inputs=True,
)
