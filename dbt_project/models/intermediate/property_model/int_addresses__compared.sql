{{ config(materialized='ephemeral') }}
-- Unlinked FM and BBR buildings whose addresses are alike, compared only where postcode and the road's first letters
-- agree. A suggestion to a person, never a link.
with fm as (
    select
        municipality_code, building_id, address, zip_code,
        {{ fold_use("replace(address, ',', ' ')") }} as folded
    from {{ ref('int_buildings__linked') }}
    where bbr_id is null and address is not null
),

bbr as (
    select
        buildings.municipality_code, buildings.bbr_id, numbers.address_text as address,
        {{ postcode_of('numbers.address_text') }} as zip_code,
        {{ fold_use("replace(numbers.address_text, ',', ' ')") }} as folded
    from {{ ref('int_buildings__current') }} as buildings
    inner join {{ ref('stg_dar__husnumre') }} as numbers using (municipality_code, house_number_id)
    left join {{ ref('int_buildings__linked') }} as linked
        on buildings.municipality_code = linked.municipality_code and buildings.bbr_id = linked.bbr_id
    where buildings.gone_on is null and linked.bbr_id is null
),

compared as (
    select
        fm.municipality_code, fm.building_id, bbr.bbr_id,
        fm.address as fm_address, bbr.address as bbr_address,
        {{ address_similarity('fm.folded', 'bbr.folded') }} as similarity
    from fm
    inner join bbr
        on
            fm.municipality_code = bbr.municipality_code
            and fm.zip_code = bbr.zip_code
            and substr(fm.folded, 1, 3) = substr(bbr.folded, 1, 3)
)

select * from compared where similarity >= 0.6
