-- Every way an FM building and a BBR building may be the same one; the next model picks. An address never ties.
with fm as (
    select
        buildings.*,
        properties.bfe_number,
        count(*) over (partition by buildings.property_id) as buildings_of_property
    from {{ ref('int_buildings__unioned') }} as buildings
    inner join {{ ref('int_properties__unioned') }} as properties using (municipality_code, property_id)
),

bbr as (
    select * from {{ ref('int_buildings__current') }}
),

-- A municipality says that a BBR building stands on a property: it is the FM building of that number, or the only one.
by_hand as (
    select
        fm.municipality_code, fm.building_id, bbr.bbr_id, 'manual' as link_method, 1.0 as link_confidence, 1 as rank_no,
        case when links.valid_from > 0 then {{ first_of_year('links.valid_from') }} end as valid_from,
        case when links.valid_to < 9999 then {{ first_of_year('links.valid_to + 1') }} end as valid_to
    from {{ source('register', 'property_links') }} as links
    inner join bbr on links.municipality_code = bbr.municipality_code and lower(trim(links.source_key)) = bbr.bbr_id
    inner join fm
        on
            links.municipality_code = fm.municipality_code and links.property_no = fm.property_no
            and (fm.building_no = bbr.building_no or fm.buildings_of_property = 1)
    where links.link_type = 'bbr_building'
),

-- A building gone comes last: what stands under another UUID today may be the same building, registered anew.
by_uuid as (
    select
        fm.municipality_code, fm.building_id, bbr.bbr_id, 'uuid' as link_method, 1.0 as link_confidence,
        case when bbr.gone_on is null then 2 else 5 end as rank_no, cast(null as date) as valid_from,
        bbr.gone_on as valid_to
    from fm
    inner join bbr using (municipality_code, bbr_id)
),

-- Old systems number a property as the tax authority did (ESR). Who has a BFE number is asked by that.
numbers as (
    select municipality_code, property_id, bfe_number as key_no, 'bfe_building_no' as link_method
    from {{ ref('int_property_bfes__listed') }}
    union all
    select
        municipality_code, property_id, {{ without_leading_zeros('property_no') }} as key_no,
        'esr_building_no' as link_method
    from {{ ref('int_properties__unioned') }}
    where bfe_number is null
),

numbered as (
    select municipality_code, bbr_id, building_no, bfe_number as key_no, 'bfe_building_no' as link_method
    from bbr
    where gone_on is null
    union all
    select municipality_code, bbr_id, building_no, esr_number as key_no, 'esr_building_no' as link_method
    from bbr
    where gone_on is null
),

by_number as (
    select
        fm.municipality_code, fm.building_id, numbered.bbr_id, link_method,
        case when link_method = 'bfe_building_no' then 0.9 else 0.8 end as link_confidence,
        case when link_method = 'bfe_building_no' then 3 else 4 end as rank_no, cast(null as date) as valid_from,
        cast(null as date) as valid_to, count(*) over (partition by fm.building_id, link_method) as candidates
    from fm
    inner join numbers using (municipality_code, property_id)
    inner join numbered using (municipality_code, building_no, key_no, link_method)
)

-- A building number that is there twice tells nothing.
select * from by_hand
union
select * from by_uuid
union
select municipality_code, building_id, bbr_id, link_method, link_confidence, rank_no, valid_from, valid_to
from by_number
where candidates = 1
