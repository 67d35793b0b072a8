{{ config(materialized='ephemeral') }}
-- Terrain: the registered area of a property's parcels less the ground that its buildings cover, as the registers are
-- now. Land of leased premises is the landlord's. Parcels that two properties name count half for each (estimated), as
-- does a building whose footprint BBR does not know count nothing.
with parcels as (
    select
        municipality_code,
        bfe_number,
        case when count(registered_area_m2) = count(*) then sum(registered_area_m2) end as registered_m2,
        max(delivery_id) as delivery_id
    from {{ ref('stg_mat__jordstykker') }}
    where status_name = 'gældende'
    group by municipality_code, bfe_number
),

footprints as (
    select
        municipality_code,
        bfe_number,
        sum(coalesce(footprint_m2, 0)) as footprint_m2,
        count(*) - count(footprint_m2) as unknown_footprints,
        max(delivery_id) as delivery_id
    from {{ ref('int_buildings__current') }}
    where gone_on is null
    group by municipality_code, bfe_number
),

properties as (
    select
        bfes.municipality_code,
        bfes.property_id,
        case
            when count(parcels.registered_m2) = count(*)
                then sum((parcels.registered_m2 - coalesce(footprints.footprint_m2, 0)) / bfes.properties_of_bfe)
        end as terrain_m2,
        max(
            case when bfes.properties_of_bfe > 1 or footprints.unknown_footprints > 0 then 'e' else '' end
        ) as status_code,
        max(parcels.delivery_id) as mat_delivery_id,
        max(footprints.delivery_id) as bbr_delivery_id
    from {{ ref('int_property_bfes__listed') }} as bfes
    left join parcels using (municipality_code, bfe_number)
    left join footprints using (municipality_code, bfe_number)
    group by bfes.municipality_code, bfes.property_id
),

-- Covered by more than there is: a parcel is missing.
measured as (
    select
        uses.municipality_code,
        uses.year,
        uses.property_id,
        uses.use_category,
        uses.tenure,
        case when properties.terrain_m2 >= 0 then properties.terrain_m2 * uses.share end as amount,
        properties.status_code,
        listed.delivery_id,
        properties.bbr_delivery_id,
        properties.mat_delivery_id
    from {{ ref('int_property_uses__weighted') }} as uses
    inner join {{ ref('int_properties__classified') }} as listed using (municipality_code, property_id)
    left join properties using (municipality_code, property_id)
    where
        uses.municipality_code in (select municipality_code from parcels)
        and uses.tenure <> 'leased'
)

select
    municipality_code, year, property_id, cast(null as text) as building_id, use_category, tenure,
    'A_TERRAEN' as measure_code, amount, case when amount is null then 'x' else status_code end as status_code,
    delivery_id, bbr_delivery_id, mat_delivery_id as other_delivery_id
from measured
