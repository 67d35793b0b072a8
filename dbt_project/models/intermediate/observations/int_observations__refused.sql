-- Rows of FM files that give no measure. A survey needs its building; of the others the property is enough.
with rows_given as (
    select
        'workplaces' as stream, municipality_code, delivery_id, row_no, property_no, building_no,
        case when counted_date is null then 'no date' end as fault
    from {{ ref('stg_fm_files__workplaces') }}
    union all
    select 'rooms' as stream, municipality_code, delivery_id, row_no, property_no, building_no, null as fault
    from {{ ref('stg_fm_files__rooms') }}
    union all
    select
        'opening_hours' as stream, municipality_code, delivery_id, row_no, property_no, building_no,
        case
            when weekday is null or opens_minute is null or closes_minute is null then 'no weekday or no times'
            when opens_minute = closes_minute then 'it opens when it closes'
        end as fault
    from {{ ref('stg_fm_files__opening_hours') }}
    union all
    select
        'bookings' as stream, municipality_code, delivery_id, row_no, property_no, building_no,
        case when booked_date is null or starts_minute is null or ends_minute is null then 'no date or no times' end
            as fault
    from {{ ref('stg_fm_files__bookings') }}
    union all
    select
        'condition_surveys' as stream, municipality_code, delivery_id, row_no, property_no, building_no,
        case when surveyed_date is null then 'no date' end as fault
    from {{ ref('stg_fm_files__condition_surveys') }}
),

places as (
    select distinct municipality_code, property_no, building_no from {{ ref('int_places__yearly') }}
),

judged as (
    select
        'observations' as stream, municipality_code, delivery_id, row_no, property_no, building_no, measure_code, year,
        reason
    from {{ ref('int_observations__judged') }}
    union all
    select
        rows_given.stream, rows_given.municipality_code, rows_given.delivery_id, rows_given.row_no,
        rows_given.property_no, rows_given.building_no, null as measure_code, null as year,
        coalesce(rows_given.fault, case
            when properties.property_no is null then 'an unknown property'
            when rows_given.stream = 'condition_surveys' and places.property_no is null
                then 'an unknown building of the property'
        end) as reason
    from rows_given
    left join {{ ref('int_properties__classified') }} as properties using (municipality_code, property_no)
    left join places
        on
            rows_given.municipality_code = places.municipality_code
            and rows_given.property_no = places.property_no
            and coalesce(rows_given.building_no, '?') = places.building_no
)

select * from judged where reason is not null
