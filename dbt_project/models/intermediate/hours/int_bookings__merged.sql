{%- set opens, closes = 16 * 60, 22 * 60 -%}
{{ config(materialized='ephemeral') }}

-- The reference window is Monday to Friday, 16 to 22, of every day of the year, for each room that has a booking in the
-- year; bookings without a room are of the property's only one. Of a room booked twice at a time the time counts once.
with bookings as (
    select
        municipality_code, property_no, delivery_id, starts_minute,
        {{ year_of('booked_date') }} as year,
        coalesce(building_no, '') || '/' || lower(coalesce(room_no, '')) as room,
        {{ day_number('booked_date') }} as day_no,
        case when ends_minute < starts_minute then 1440 else ends_minute end as ends_minute
    from {{ ref('stg_fm_files__bookings') }}
    where booked_date is not null
),

clipped as (
    select
        municipality_code, property_no, year,
        {{ new_length(
            'greatest(starts_minute, ' ~ opens ~ ')', 'least(ends_minute, ' ~ closes ~ ')',
            'municipality_code, property_no, room, day_no'
        ) }} as minutes
    from bookings
    where mod(day_no, 7) < 5 and starts_minute < {{ closes }} and ends_minute > {{ opens }}
),

rooms as (
    select municipality_code, property_no, year, count(distinct room) as rooms, max(delivery_id) as delivery_id
    from bookings
    group by municipality_code, property_no, year
),

merged as (
    select
        municipality_code, property_no, year, 'H_REF' as measure_code, delivery_id,
        rooms * {{ (closes - opens) // 60 }} * (
            {%- for weekday in range(1, 6) %}
            {{ weekdays_between(first_day_of('year'), first_day_of('(year + 1)'), weekday) }}
            {{- ' +' if not loop.last }}
            {%- endfor %}
        ) as amount
    from rooms
    union all
    select
        rooms.municipality_code, rooms.property_no, rooms.year, 'H_BOOK' as measure_code, rooms.delivery_id,
        coalesce(sum(clipped.minutes), 0) / 60.0 as amount
    from rooms
    left join clipped using (municipality_code, property_no, year)
    group by rooms.municipality_code, rooms.property_no, rooms.year, rooms.delivery_id
)

select * from merged
