"""Areas: too small to say anything, and changed from last year without an event that explains it.

Areas, not accounts, are what moves between editions (Norway 2023: total area -3.7 %, leased area -50 %).
"""

from expectations.rule import Rule

LEAST_CATEGORY_M2 = 500
BUILDING_PCT, CATEGORY_PCT, LEASED_PCT = 10, 5, 20

AREA_SIZE = Rule(
    name="area_size",
    title=f"The owned area of a use category is at least {LEAST_CATEGORY_M2} m2",
    severities=frozenset({"warning"}),
    applies="select exists (select from gate_sums where measure_code = 'A_BDA' and tenure = 'owned' and amount > 0)",
    query=f"""
        select municipality_code, topic, year, 'owned area of ' || use_category as key,
            sum(amount) < {LEAST_CATEGORY_M2} as is_failed,
            'warning' as severity,
            round(sum(amount)) || ' m2' as observed,
            'at least {LEAST_CATEGORY_M2} m2' as expected,
            'check that its buildings are complete; figures per m2 of so little area say little' as advice
        from gate_sums
        where measure_code = 'A_BDA' and tenure = 'owned' and amount > 0
        group by municipality_code, topic, year, use_category
    """,
)

# A unit is a building, or a property where an area is of the property as a whole. What happened on a day explains the
# change into its year and, because areas count by days, into the year after. Rows are stacked and marked in one sort:
# a join of units with their events is planned as a loop.
PAIRS = """
with units as (
    select municipality_code, coalesce(building_id, property_id, '') as unit_id, building_id is not null as is_building,
        topic, use_category, tenure, year, sum(amount) as m2, count(*) = count(amount) as is_known
    from audit.fct_measures
    where measure_code = 'A_BDA'
    group by municipality_code, building_id, property_id, topic, use_category, tenure, year
),
years as (
    select y.municipality_code, y.year
    from (select distinct municipality_code, year from units) y
    join (select distinct municipality_code, year from units) l
        on l.municipality_code = y.municipality_code and l.year = y.year - 1
),
events as (
    select b.municipality_code, b.building_id as unit_id, d.day
    from audit.dim_buildings b
    cross join lateral (values (b.stands_from), (b.stands_to)) d (day)
    union all
    select p.municipality_code, coalesce(b.building_id, r.property_id), d.day
    from register.property_periods p
    join audit.dim_properties r on r.municipality_code = p.municipality_code and r.property_no = p.property_no
    left join audit.dim_buildings b
        on b.municipality_code = r.municipality_code and b.property_id = r.property_id
        and p.building_no in ('', b.building_no)
    cross join lateral (values (p.valid_from), (p.valid_to)) d (day)
    union all
    select l.municipality_code, l.building_id, d.day
    from intermediate.int_leases__placed l
    cross join lateral (values (l.valid_from), (l.valid_to)) d (day)
),
stacked as (
    select u.municipality_code, u.unit_id, u.is_building, u.topic, u.use_category, u.tenure, n.year, u.is_known,
        case when n.is_last then 0 else u.m2 end as m2, case when n.is_last then u.m2 else 0 end as last_m2,
        false as is_event
    from units u
    cross join lateral (values (u.year, false), (u.year + 1, true)) n (year, is_last)
    union all
    select e.municipality_code, e.unit_id, null, null, null, null, cast(extract(year from e.day) as integer) + n.later,
        null, 0, 0, true
    from events e
    cross join (values (0), (1)) n (later)
    where e.day is not null
),
marked as (
    select *, bool_or(is_event) over (partition by municipality_code, unit_id, year) as is_explained from stacked
),
pairs as (
    select m.*, m.is_explained or not m.is_known as is_left_out
    from marked m
    join years using (municipality_code, year)
    where not m.is_event
),
"""
# What an event explains is looked at and left out of both sums; so is what has no known area in one of the years.
AREA_CHANGE = Rule(
    name="area_change",
    title=(
        f"Areas change from last year by at most {BUILDING_PCT} pct (building), {CATEGORY_PCT} pct (use category) and "
        f"{LEASED_PCT} pct (leased), or an event explains it"
    ),
    severities=frozenset({"warning", "hold"}),
    final={"warning": "hold"},
    # In a first year there is nothing an area could differ from.
    applies="""
        select exists (
            select from gate_sums n
            join gate_sums l on l.municipality_code = n.municipality_code and l.year = n.year - 1
            where n.measure_code = 'A_BDA' and l.measure_code = 'A_BDA'
        )
    """,
    query=f"""
        {PAIRS}
        summed as (
            select municipality_code, topic, year, 'area of ' || use_category as key, {CATEGORY_PCT} as pct,
                'hold' as severity, is_left_out, m2, last_m2
            from pairs
            union all
            select municipality_code, 'general', year, 'leased area', {LEASED_PCT}, 'hold', is_left_out, m2,
                last_m2
            from pairs
            where tenure = 'leased'
            union all
            select municipality_code, min(topic), year, 'building ' || unit_id, {BUILDING_PCT}, 'warning',
                bool_or(is_left_out), sum(m2), sum(last_m2)
            from pairs
            where is_building
            group by municipality_code, year, unit_id
        ),
        compared as (
            select municipality_code, topic, year, key, pct, severity,
                coalesce(sum(m2) filter (where not is_left_out), 0) as m2,
                coalesce(sum(last_m2) filter (where not is_left_out), 0) as last_m2
            from summed
            group by municipality_code, topic, year, key, pct, severity
        )
        select municipality_code, topic, year, key,
            abs(m2 - last_m2) > pct / 100.0 * last_m2 as is_failed,
            severity,
            round(m2) || ' m2' as observed,
            'at most ' || pct || ' pct from ' || round(last_m2) || ' m2, or an event' as expected,
            'write what happened into property_periods.csv, or have the area corrected in FM or BBR' as advice
        from compared
    """,
)
