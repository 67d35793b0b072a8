-- Every way an FM building and an existing BBR building may be the same one; the next model picks.
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
        fm.municipality_code,
        fm.building_id,
        bbr.bbr_id,
        'manual' as link_method,
        1.0 as link_confidence,
        1 as rank_no
    from {{ source('register', 'property_links') }} as links
    inner join bbr
        on links.municipality_code = bbr.municipality_code and lower(trim(links.source_key)) = bbr.bbr_id
    inner join fm
        on
            links.municipality_code = fm.municipality_code
            and links.property_no = fm.property_no
            and (fm.building_no = bbr.building_no or fm.buildings_of_property = 1)
    where links.link_type = 'bbr_building'
),

by_uuid as (
    select
        fm.municipality_code,
        fm.building_id,
        bbr.bbr_id,
        'uuid' as link_method,
        1.0 as link_confidence,
        2 as rank_no
    from fm
    inner join bbr using (municipality_code, bbr_id)
),

by_number as (
    select
        fm.municipality_code,
        fm.building_id,
        bbr.bbr_id,
        'bfe_building_no' as link_method,
        0.9 as link_confidence,
        3 as rank_no
    from fm
    inner join bbr using (municipality_code, bfe_number, building_no)
),

matches as (
    select * from by_hand
    union all
    select * from by_uuid
    union all
    select * from by_number
)

select distinct * from matches
