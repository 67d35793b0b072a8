{{ config(materialized='ephemeral') }}

-- Over which use categories and tenures anything known per property, or per building, is spread in a year. The only
-- place where observations, users, hours and means are tied to a use. building_no is empty for a property as a whole.
with properties as (
    select
        properties.municipality_code, years.year, properties.property_id, properties.property_no,
        cast(null as text) as building_id, '' as building_no, properties.use_category, properties.tenure,
        cast(1 as numeric) as share
    from {{ ref('int_properties__classified') }} as properties
    inner join {{ ref('int_years__observed') }} as years using (municipality_code)
),

buildings as (
    select
        buildings.municipality_code, years.year, buildings.property_id, properties.property_no,
        buildings.building_id, buildings.building_no, buildings.use_category, buildings.tenure,
        cast(1 as numeric) as share
    from {{ ref('int_buildings__classified') }} as buildings
    inner join {{ ref('int_properties__classified') }} as properties using (municipality_code, property_id)
    inner join {{ ref('int_years__observed') }} as years using (municipality_code)
)

select * from properties
union all
select * from buildings
