with places as (
    select * from {{ ref('int_places__yearly') }} where building_no = ''
),

counted as (
    select
        places.municipality_code, places.year, places.property_id, places.use_category, places.tenure,
        hours.measure_code,
        hours.amount * places.share as amount,
        hours.delivery_id
    from {{ ref('int_opening_hours__merged') }} as hours
    inner join places using (municipality_code, year, property_no)
),

bookings as (
    select * from {{ ref('int_bookings__merged') }}
),

-- Where a municipality delivers bookings, a sports property without any has no hall to book.
booked as (
    select
        places.municipality_code, places.year, places.property_id, places.use_category, places.tenure,
        delivered.measure_code,
        coalesce(bookings.amount * places.share, 0) as amount,
        bookings.delivery_id
    from places
    inner join (select distinct municipality_code, year, measure_code from bookings) as delivered
        using (municipality_code, year)
    left join bookings using (municipality_code, year, property_no, measure_code)
    where places.use_category = 'sports'
),

hours as (
    select * from counted
    union all
    select * from booked
)

select
    municipality_code, year, property_id, cast(null as text) as building_id, use_category, tenure, measure_code,
    cast(amount as numeric) as amount,
    '' as status_code,
    delivery_id
from hours
