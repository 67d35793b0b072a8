{{ config(materialized='ephemeral') }}

-- A property is open while any part of it is. Validity cuts a year into spans of one weekly pattern; in each, what
-- overlaps counts once, and the weekday is counted exactly.
with pieces as (
    select * from {{ ref('int_opening_hours__clipped') }}
),

edges as (
    select municipality_code, property_no, year, weekday, from_day as day_no from pieces
    union
    select municipality_code, property_no, year, weekday, to_day as day_no from pieces
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
        municipality_code, property_no, year, delivery_id, is_day_after,
        {{ new_length('from_day', 'to_day', 'municipality_code, property_no, year, is_day_after') }} as days
    from pieces
),

deliveries as (
    select
        municipality_code, property_no, year,
        max(delivery_id) as delivery_id,
        sum(case when is_day_after then 0 else days end) as days
    from validities
    group by municipality_code, property_no, year
),

merged as (
    select
        municipality_code, property_no, year, 'H_AABEN' as measure_code, deliveries.delivery_id,
        sum(minutes * {{ weekdays_between('day_no', 'next_day', 'weekday') }}) / 60.0 as amount
    from open_times
    inner join deliveries using (municipality_code, property_no, year)
    group by municipality_code, property_no, year, deliveries.delivery_id
    union all
    select municipality_code, property_no, year, 'N_UGER' as measure_code, delivery_id, days / 7.0 as amount
    from deliveries
)

select * from merged
