{{ config(materialized='ephemeral') }}

with listed as (
    select
        municipality_code, 'files' as source, meter_no as meter_id, '' as series, 30 as source_rank, meter_no,
        cast(null as text) as installation_no, {{ energy_carrier('carrier') }} as carrier, property_no, building_no,
        {{ quantity_unit('unit') }} as unit, delivery_id
    from {{ ref('stg_energy__meters') }}
    union all
    select
        meters.municipality_code, 'openmaint' as source, meters.meter_id, '' as series, 40 as source_rank,
        coalesce(meters.meter_no, meters.code) as meter_no, cast(null as text) as installation_no,
        {{ energy_carrier('meters.carrier') }} as carrier, buildings.property_no, buildings.building_no,
        cast(null as text) as unit, meters.delivery_id
    from {{ ref('stg_fm_openmaint__meters') }} as meters
    left join {{ ref('stg_fm_openmaint__buildings') }} as buildings using (municipality_code, openmaint_building_id)
    union all
    -- of EK109 energy before volume, what was used before what a counter shows
    select
        municipality_code, 'ek109' as source, meter_no as meter_id,
        energy_code || '-' || art_code || '-' || type_code as series,
        20 + case when art_code = '1' then 0 else 2 end + case when type_code = '2' then 0 else 1 end as source_rank,
        meter_no, max(installation_no) as installation_no, max(carrier) as carrier, cast(null as text) as property_no,
        cast(null as text) as building_no, cast(null as text) as unit, max(delivery_id) as delivery_id
    from {{ ref('stg_ek109__readings') }}
    where type_code in ('1', '2') and art_code in ('1', '2')
    group by municipality_code, meter_no, energy_code, art_code, type_code
)

select * from listed
