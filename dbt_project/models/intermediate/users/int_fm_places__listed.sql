{{ config(materialized='ephemeral') }}

-- Where the estates and buildings that FM services number are, by property number.
select
    municipality_code, 'dalux estate' as place, estate_id as place_id,
    coalesce(property_no, estate_id) as property_no
from {{ ref('stg_fm_dalux__estates') }}
union all
select
    buildings.municipality_code, 'dalux building' as place, buildings.dalux_building_id as place_id,
    coalesce(estates.property_no, buildings.estate_id) as property_no
from {{ ref('stg_fm_dalux__buildings') }} as buildings
left join {{ ref('stg_fm_dalux__estates') }} as estates using (municipality_code, estate_id)
union all
select
    buildings.municipality_code, 'openmaint building' as place, buildings.openmaint_building_id as place_id,
    coalesce(buildings.property_no, complexes.property_no) as property_no
from {{ ref('stg_fm_openmaint__buildings') }} as buildings
left join {{ ref('stg_fm_openmaint__complexes') }} as complexes using (municipality_code, complex_id)
