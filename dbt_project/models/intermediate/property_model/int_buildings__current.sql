-- A current row of BBR can also be planned or a case copy with another area: standing buildings only, and those gone.
-- The day a status took effect is used for the end only. Every correction renews it, so it never says since when a
-- building stands: the built year does. What moved into BBR's present form in 2017 has the day of the move.
with buildings as (
    select *, case when status_code = '10' then {{ danish_day('in_effect_from') }} end as gone_on
    from {{ ref('stg_bbr__bygninger') }}
    where status_code = '6' or (status_code = '10' and in_effect_from >= cast('2018-01-01' as date))
),

floors as (
    select
        buildings.municipality_code,
        buildings.bbr_id,
        sum(case when floors.used_attic_m2 > 0 then floors.used_attic_m2 else 0 end) as used_attic_m2,
        sum(case when floors.basement_m2 > 0 then floors.basement_m2 else 0 end) as basement_m2
    from {{ ref('stg_bbr__etager') }} as floors
    inner join buildings using (municipality_code, bbr_id, status_code)
    -- Floors that went before the building did are no part of what it was.
    where buildings.gone_on is null or floors.in_effect_from >= buildings.in_effect_from
    group by buildings.municipality_code, buildings.bbr_id
),

relations as (
    select municipality_code, property_relation_id, bfe_number, esr_number, ownership_code
    from {{ ref('stg_bbr__ejendomsrelationer') }}
    where status_code = '7' and bfe_number is not null
),

on_foreign_ground as (
    select
        links.municipality_code,
        links.bbr_id,
        relations.property_relation_id,
        row_number() over (partition by links.municipality_code, bbr_id order by relations.bfe_number) as choice_no
    from {{ ref('stg_bbr__bygning_ejendomsrelationer') }} as links
    inner join relations using (municipality_code, property_relation_id)
    where links.status_code = '7'
),

related as (
    select
        buildings.*,
        coalesce(
            on_foreign_ground.property_relation_id, condominiums.property_relation_id, grounds.property_relation_id
        ) as property_relation_id
    from buildings
    left join on_foreign_ground
        on
            buildings.municipality_code = on_foreign_ground.municipality_code
            and buildings.bbr_id = on_foreign_ground.bbr_id
            and on_foreign_ground.choice_no = 1
    left join relations as condominiums
        on
            buildings.municipality_code = condominiums.municipality_code
            and buildings.condominium_id = condominiums.property_relation_id
    left join {{ ref('stg_bbr__grunde') }} as grounds
        on
            buildings.municipality_code = grounds.municipality_code
            and buildings.ground_id = grounds.ground_id
            and grounds.status_code = '7'
)

select
    related.municipality_code, related.bbr_id, related.building_no, related.bbr_use_code, related.gone_on,
    related.house_number_id, related.protection_code, related.heating_code, related.footprint_m2,
    -- 1000 means unknown; nothing municipal is older than 1100.
    case when related.built_year >= 1100 then related.built_year end as built_year,
    relations.bfe_number, relations.esr_number, relations.ownership_code,
    case when related.building_area_m2 > 0 then related.building_area_m2 end as building_area_m2,
    coalesce(floors.used_attic_m2, 0) as used_attic_m2,
    coalesce(floors.basement_m2, 0) as basement_m2,
    case
        when related.building_area_m2 > 0
            then related.building_area_m2 + coalesce(floors.used_attic_m2, 0) + coalesce(floors.basement_m2, 0)
    end as operating_area_m2,
    related.delivery_id
from related
left join floors using (municipality_code, bbr_id)
left join relations using (municipality_code, property_relation_id)
