{{ config(materialized='ephemeral') }}

-- Over which uses what a meter measures is spread: those of its building, or those of its property. Shares sum to 1.
with uses as (
    select municipality_code, year, property_id, '' as building_key, use_category, tenure, share
    from {{ ref('int_property_uses__weighted') }}
    union all
    select
        municipality_code, year, property_id, building_id as building_key, use_category, tenure,
        days / sum(days) over (partition by municipality_code, building_id, year) as share
    from {{ ref('int_building_uses__weighted') }}
    where days > 0
)

select * from uses
