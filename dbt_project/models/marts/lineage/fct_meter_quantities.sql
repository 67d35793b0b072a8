{{ config(materialized='view', post_hook='') }}

select
    placed.municipality_code,
    uses.topic,
    placed.year,
    placed.property_id,
    placed.building_id,
    placed.use_category,
    placed.tenure,
    placed.measure_code,
    placed.source,
    placed.meter_id,
    placed.carrier,
    placed.place_method,
    cast(placed.days as integer) as days,
    cast(placed.share as numeric) as share,
    cast(placed.amount as numeric) as amount,
    placed.status_code,
    cast(factors.kg_co2e_per_kwh as numeric) as kg_co2e_per_kwh,
    cast(case when placed.measure_code = 'Q_EL_EGEN' then 1 else coalesce(renewable.renewable_share, 0) end as numeric)
        as renewable_share,
    placed.delivery_id,
    cast(placed.source_rows as bigint) as source_rows
from {{ ref('int_meter_years__placed') }} as placed
inner join {{ source('register', 'use_categories') }} as uses using (use_category)
left join {{ ref('int_emission_factors__chosen') }} as factors using (municipality_code, year, carrier)
left join {{ ref('renewable_carriers') }} as renewable
    on
        placed.carrier = renewable.carrier
        and placed.year between renewable.valid_from and coalesce(renewable.valid_to, 9999)
