{{ config(materialized='ephemeral') }}

-- Every observation as delivered, and why it is none where it is not.
with numbered as (
    select
        *,
        coalesce(building_no, '') as place_no,
        row_number() over (
            partition by municipality_code, property_no, building_no, measure_code, year
            order by case when amount is null then 1 else 0 end, delivery_id, row_no
        ) as copy_no
    from {{ ref('stg_fm_files__observations') }}
),

places as (
    select distinct municipality_code, property_no, building_no as place_no from {{ ref('int_places__yearly') }}
),

-- What the cadastre says of a property comes before what the municipality says.
measured as (
    select distinct municipality_code, year, property_id, measure_code
    from {{ ref('int_areas__measured') }}
    where building_id is null and status_code = ''
),

judged as (
    select
        numbered.*,
        case
            when numbered.amount is null then 'no amount'
            when numbered.amount < 0 then 'a negative amount'
            when measures.measure_code is null then 'no measure of the register'
            when not measures.is_delivered then 'a measure that is computed and never delivered'
            when properties.property_no is null then 'an unknown property'
            when places.place_no is null then 'an unknown building of the property'
            when years.year is null then 'a year without accounts or readings'
            when numbered.copy_no > 1 then 'the same place, measure and year as an earlier row'
            when measured.measure_code is not null then 'measured already, from a register'
        end as reason,
        case when measures.grain = 'building' then numbered.place_no else '' end as counted_no
    from numbered
    left join {{ source('register', 'measures') }} as measures on numbered.measure_code = measures.measure_code
    left join {{ ref('int_properties__classified') }} as properties
        on numbered.municipality_code = properties.municipality_code and numbered.property_no = properties.property_no
    left join places
        on
            numbered.municipality_code = places.municipality_code
            and numbered.property_no = places.property_no
            and numbered.place_no = places.place_no
    left join {{ ref('int_years__observed') }} as years
        on numbered.municipality_code = years.municipality_code and numbered.year = years.year
    left join measured
        on
            properties.municipality_code = measured.municipality_code
            and properties.property_id = measured.property_id
            and numbered.measure_code = measured.measure_code
            and numbered.year = measured.year
)

select * from judged
