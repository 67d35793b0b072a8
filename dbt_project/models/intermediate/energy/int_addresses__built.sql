{{ config(materialized='ephemeral') }}

-- A house number's building is what DAR says it leads to, and the buildings that BBR gives it; an address has those of
-- its house number. One that leads to two properties says nothing.
with house_numbers as (
    select municipality_code, house_number_id, bbr_id
    from {{ ref('stg_dar__husnumre') }}
    where bbr_id is not null
    union
    select municipality_code, house_number_id, bbr_id
    from {{ ref('stg_bbr__bygninger') }}
    where status_code = '6' and house_number_id is not null
),

addresses as (
    select municipality_code, house_number_id as dar_id, bbr_id from house_numbers
    union
    select
        addresses.municipality_code,
        addresses.address_id as dar_id,
        coalesce(addresses.bbr_id, house_numbers.bbr_id) as bbr_id
    from {{ ref('stg_dar__adresser') }} as addresses
    left join house_numbers using (municipality_code, house_number_id)
),

built as (
    select
        addresses.municipality_code,
        addresses.dar_id,
        min(buildings.property_id) as property_id,
        case when count(distinct buildings.building_id) = 1 then min(buildings.building_id) end as building_id
    from addresses
    inner join {{ ref('int_buildings__classified') }} as buildings using (municipality_code, bbr_id)
    group by addresses.municipality_code, addresses.dar_id
    having count(distinct buildings.property_id) = 1
)

select * from built
