{{ config(materialized='ephemeral') }}

-- Opening hours of each year, their validity as day numbers, the end not included. Hours from a time to the same, such
-- as 00:00 to 00:00, say nothing and are left out. What is open past midnight belongs to the day after.
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
        municipality_code, property_no, year, first_day, next_day, delivery_id, weekday,
        opens_minute as starts,
        case when closes_minute < opens_minute then 1440 else closes_minute end as ends,
        from_day, to_day,
        false as is_day_after
    from rules
    union all
    select
        municipality_code, property_no, year, first_day, next_day, delivery_id,
        mod(weekday, 7) + 1 as weekday,
        0 as starts,
        closes_minute as ends,
        from_day + 1 as from_day,
        to_day + 1 as to_day,
        true as is_day_after
    from rules
    where closes_minute < opens_minute and closes_minute > 0
)

select
    municipality_code, property_no, year, delivery_id, weekday, starts, ends, is_day_after,
    greatest(from_day, first_day) as from_day,
    least(to_day, next_day) as to_day
from pieces
where from_day < next_day and to_day > first_day
