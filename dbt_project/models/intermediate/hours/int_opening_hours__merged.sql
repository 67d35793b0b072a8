{{ config(materialized='ephemeral') }}

-- A property is open while any part of it is. Validity cuts a year into spans of one weekly pattern; in each, what
-- overlaps counts once, and the weekday is counted exactly. What is open past midnight belongs to the day after, and as
-- long as 00:00 to 00:00, or no time at all, says nothing, it is not counted.
with rules as (
    select
        hours.municipality_code, hours.property_no, hours.weekday, hours.opens_minute, hours.closes_minute,
        hours.delivery_id, years.year,
        {{ first_day_of('years.year') }} as first_day,
        {{ first_day_of('(years.year + 1)') }} as next_day,
        coalesce({{ day_number('hours.valid_from_date') }}, 0) as from_day,
        coalesce({{ day_number('hours.valid_to_date') }} + 1, 99999) as to_day
    from {{ ref('stg_fm_files__opening_hours') }} as hours
    inner join {{ ref('int_years__observed') }} as years using (municipality_code)
    where hours.weekday is not null and hours.opens_minute <> hours.closes_minute
),

pieces as (
    select
        municipality_code, property_no, year, weekday,
        opens_minute as starts,
        case when closes_minute < opens_minute then 1440 else closes_minute end as ends,
        greatest(from_day, first_day) as from_day,
        least(to_day, next_day) as to_day
    from rules
    union all
    select
        municipality_code, property_no, year,
        mod(weekday, 7) + 1 as weekday,
        0 as starts,
        closes_minute as ends,
        greatest(from_day + 1, first_day) as from_day,
        least(to_day + 1, next_day) as to_day
    from rules
    where closes_minute < opens_minute
),

edges as (
    select municipality_code, property_no, year, weekday, from_day as day_no from pieces where from_day < to_day
    union
    select municipality_code, property_no, year, weekday, to_day as day_no from pieces where from_day < to_day
),

spans as (
    select
        edges.*,
        lead(day_no) over (partition by municipality_code, property_no, year, weekday order by day_no) as next_day
    from edges
),

open_times as (
    select
        spans.*,
        {{ new_length(
            'pieces.starts', 'pieces.ends',
            'spans.municipality_code, spans.property_no, spans.year, spans.weekday, spans.day_no'
        ) }} as minutes
    from spans
    inner join pieces using (municipality_code, property_no, year, weekday)
    where pieces.from_day <= spans.day_no and pieces.to_day >= spans.next_day
),

validities as (
    select
        municipality_code, property_no, year, delivery_id,
        {{ new_length(
            'greatest(from_day, first_day)', 'least(to_day, next_day)', 'municipality_code, property_no, year'
        ) }} as days
    from rules
    where from_day < next_day and to_day > first_day
),

merged as (
    select
        municipality_code, property_no, year, 'H_AABEN' as measure_code,
        sum(minutes * {{ weekdays_between('day_no', 'next_day', 'weekday') }}) / 60.0 as amount
    from open_times
    group by municipality_code, property_no, year
    union all
    select municipality_code, property_no, year, 'N_UGER' as measure_code, sum(days) / 7.0 as amount
    from validities
    group by municipality_code, property_no, year
)

select merged.*, deliveries.delivery_id
from merged
inner join (
    select municipality_code, property_no, year, max(delivery_id) as delivery_id
    from validities
    group by municipality_code, property_no, year
) as deliveries using (municipality_code, property_no, year)
