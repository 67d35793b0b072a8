-- Ownership 50 is the municipality in which the property lies; what it owns in another one is in that one's BBR.
with suggestions as (
    select
        *,
        row_number() over (partition by building_id order by similarity desc, bbr_id) as fm_choice_no,
        row_number() over (
            partition by municipality_code, bbr_id order by similarity desc, building_id
        ) as bbr_choice_no
    from {{ ref('int_addresses__compared') }}
),

fm as (
    select
        linked.municipality_code, 'fm' as side, linked.building_id as unit_id, linked.property_id,
        properties.bfe_number, linked.building_no, linked.name, linked.address, cast(null as text) as bbr_use_code,
        linked.fm_area_m2 as area_m2, suggestions.bbr_id as suggested_unit_id,
        suggestions.bbr_address as suggested_address, suggestions.similarity
    from {{ ref('int_buildings__linked') }} as linked
    inner join {{ ref('int_properties__unioned') }} as properties using (municipality_code, property_id)
    left join suggestions on linked.building_id = suggestions.building_id and suggestions.fm_choice_no = 1
    where linked.bbr_id is null
),

bbr as (
    select
        buildings.municipality_code, 'bbr' as side, buildings.bbr_id as unit_id, bfes.property_id,
        buildings.bfe_number, buildings.building_no, cast(null as text) as name, numbers.address_text as address,
        buildings.bbr_use_code, buildings.operating_area_m2 as area_m2, suggestions.building_id as suggested_unit_id,
        suggestions.fm_address as suggested_address, suggestions.similarity
    from {{ ref('int_buildings__current') }} as buildings
    left join {{ ref('int_buildings__linked') }} as linked
        on buildings.municipality_code = linked.municipality_code and buildings.bbr_id = linked.bbr_id
    left join {{ ref('stg_dar__husnumre') }} as numbers
        on
            buildings.municipality_code = numbers.municipality_code
            and buildings.house_number_id = numbers.house_number_id
    left join {{ ref('int_property_bfes__listed') }} as bfes
        on
            buildings.municipality_code = bfes.municipality_code
            and buildings.bfe_number = bfes.bfe_number
            and bfes.properties_of_bfe = 1
    left join suggestions
        on
            buildings.municipality_code = suggestions.municipality_code
            and buildings.bbr_id = suggestions.bbr_id
            and suggestions.bbr_choice_no = 1
    where linked.bbr_id is null and buildings.gone_on is null and buildings.ownership_code = '50'
),

unlinked as (
    select * from fm
    union all
    select * from bbr
)

select
    municipality_code,
    'property_model' as topic,
    0 as year,
    side,
    unit_id,
    property_id,
    bfe_number,
    building_no,
    name,
    address,
    bbr_use_code,
    cast(area_m2 as numeric) as area_m2,
    suggested_unit_id,
    suggested_address,
    round(similarity, 3) as similarity
from unlinked
