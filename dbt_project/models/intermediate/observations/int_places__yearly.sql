{{ config(materialized='ephemeral') }}

-- Over which use categories and tenures anything known per property, or per building, is spread in a year. The only
-- place where observations, users, hours and means are tied to a use. building_no is empty for a property as a whole.
-- What did not stand in a year, as far as is known, had the use that it has today.
with properties as (
    select
        properties.municipality_code, years.year, properties.property_id, properties.property_no,
        cast(null as text) as building_id, '' as building_no,
        coalesce(uses.use_category, properties.use_category) as use_category,
        coalesce(uses.tenure, properties.tenure) as tenure,
        coalesce(uses.used_share, 1) as share
    from {{ ref('int_properties__classified') }} as properties
    inner join {{ ref('int_years__observed') }} as years using (municipality_code)
    left join {{ ref('int_property_uses__weighted') }} as uses
        on properties.property_id = uses.property_id and years.year = uses.year
),

building_uses as (
    select
        building_id, year, use_category, tenure,
        days / sum(days) over (partition by municipality_code, building_id, year) as share
    from {{ ref('int_building_uses__weighted') }}
    where days > 0
),

buildings as (
    select
        buildings.municipality_code, years.year, buildings.property_id, properties.property_no,
        buildings.building_id, buildings.building_no,
        coalesce(uses.use_category, buildings.use_category) as use_category,
        coalesce(uses.tenure, buildings.tenure) as tenure,
        coalesce(uses.share, 1) as share
    from {{ ref('int_buildings__classified') }} as buildings
    inner join {{ ref('int_properties__classified') }} as properties using (municipality_code, property_id)
    inner join {{ ref('int_years__observed') }} as years using (municipality_code)
    left join building_uses as uses on buildings.building_id = uses.building_id and years.year = uses.year
)

select * from properties where share <> 0
union all
select * from buildings
