-- Existing buildings only: a current row of BBR can also be planned, gone or a case copy with another area.
with buildings as (
    select * from {{ ref('stg_bbr__bygninger') }} where status_code = '6'
),

floors as (
    select
        municipality_code,
        bbr_id,
        sum(case when used_attic_m2 > 0 then used_attic_m2 else 0 end) as used_attic_m2,
        sum(case when basement_m2 > 0 then basement_m2 else 0 end) as basement_m2
    from {{ ref('stg_bbr__etager') }}
    where status_code = '6'
    group by municipality_code, bbr_id
),

relations as (
    select municipality_code, property_relation_id, bfe_number
    from {{ ref('stg_bbr__ejendomsrelationer') }}
    where status_code = '7' and bfe_number is not null
),

on_foreign_ground as (
    select links.municipality_code, links.bbr_id, min(relations.bfe_number) as bfe_number
    from {{ ref('stg_bbr__bygning_ejendomsrelationer') }} as links
    inner join relations using (municipality_code, property_relation_id)
    where links.status_code = '7'
    group by links.municipality_code, links.bbr_id
),

grounds as (
    select grounds.municipality_code, grounds.ground_id, relations.bfe_number
    from {{ ref('stg_bbr__grunde') }} as grounds
    inner join relations using (municipality_code, property_relation_id)
    where grounds.status_code = '7'
),

current_buildings as (
    select
        buildings.municipality_code,
        buildings.bbr_id,
        buildings.building_no,
        buildings.bbr_use_code,
        -- 1000 means unknown; nothing municipal is older than 1100.
        case when buildings.built_year >= 1100 then buildings.built_year end as built_year,
        coalesce(on_foreign_ground.bfe_number, condominiums.bfe_number, grounds.bfe_number) as bfe_number,
        case
            when buildings.building_area_m2 > 0
                then buildings.building_area_m2 + coalesce(floors.used_attic_m2, 0) + coalesce(floors.basement_m2, 0)
        end as operating_area_m2,
        buildings.delivery_id
    from buildings
    left join floors using (municipality_code, bbr_id)
    left join on_foreign_ground using (municipality_code, bbr_id)
    left join grounds using (municipality_code, ground_id)
    left join relations as condominiums
        on
            buildings.municipality_code = condominiums.municipality_code
            and buildings.condominium_id = condominiums.property_relation_id
)

select * from current_buildings
