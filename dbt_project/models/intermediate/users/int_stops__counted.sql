{{ config(materialized='ephemeral') }}

-- Work orders, tickets and requests by the year they came in; one that names several places counts at the first.
with orders as (
    select
        municipality_code, {{ year_of('created_date') }} as year, cast(null as text) as place,
        cast(null as text) as place_id, property_no, order_type as incident_type, delivery_id
    from {{ ref('stg_fm_files__work_orders') }}
    union all
    select
        tickets.municipality_code, {{ year_of('tickets.created_date') }} as year,
        case when tickets.building_ids is null then 'dalux estate' else 'dalux building' end as place,
        split_part(coalesce(tickets.building_ids, tickets.estate_ids), ';', 1) as place_id,
        cast(null as text) as property_no, topics.name as incident_type, tickets.delivery_id
    from {{ ref('stg_fm_dalux__tickets') }} as tickets
    left join {{ ref('stg_fm_dalux__ticket_topics') }} as topics
        on tickets.municipality_code = topics.municipality_code and tickets.topic_id = topics.ticket_topic_id
    union all
    select
        municipality_code, {{ year_of('opened_date') }} as year, 'openmaint building' as place,
        openmaint_building_id as place_id, cast(null as text) as property_no, category_code as incident_type,
        delivery_id
    from {{ ref('stg_fm_openmaint__maintenance_requests') }}
),

stops as (
    select
        orders.municipality_code, orders.year, coalesce(orders.property_no, places.property_no) as property_no,
        orders.delivery_id, 1 as users
    from orders
    inner join {{ ref('fm_incident_types') }} as types on {{ fold_use('orders.incident_type') }} = types.incident_type
    left join {{ ref('int_fm_places__listed') }} as places
        on
            orders.municipality_code = places.municipality_code
            and orders.place = places.place
            and orders.place_id = places.place_id
    where orders.year is not null
),

-- In a year of which there are orders, a property without one was never interrupted.
counted as (
    select municipality_code, year, property_no, delivery_id, 'N_STOP' as measure_code, users from stops
    union all
    select
        places.municipality_code, places.year, places.property_no, cast(null as bigint) as delivery_id,
        'N_STOP' as measure_code, 0 as users
    from {{ ref('int_places__yearly') }} as places
    inner join (select distinct municipality_code, year from orders) as delivered using (municipality_code, year)
    where places.building_no = ''
)

select * from counted
