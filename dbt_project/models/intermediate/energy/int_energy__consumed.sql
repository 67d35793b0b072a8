{%- set place = 'municipality_code, year, property_id, building_id, use_category, tenure' -%}
-- Derived quantities are what the meters of a place say, times a factor. A place where a part is missing has no sum.
with metered as (
    select
        placed.*,
        factors.kg_co2e_per_kwh,
        case when placed.measure_code = 'Q_EL_EGEN' then 1 else coalesce(renewable.renewable_share, 0) end
            as renewable_share,
        case when placed.status_code = 'x' then 1 else 0 end as is_missing,
        case when placed.amount <> 0 and factors.kg_co2e_per_kwh is null then 1 else 0 end as lacks_factor,
        case when placed.carrier <> 'electricity_sold' then 1 else 0 end as is_not_sold
    from {{ ref('int_meter_years__placed') }} as placed
    left join {{ ref('int_emission_factors__chosen') }} as factors using (municipality_code, year, carrier)
    left join {{ ref('renewable_carriers') }} as renewable
        on
            placed.carrier = renewable.carrier
            and placed.year between renewable.valid_from and coalesce(renewable.valid_to, 9999)
),

-- Own electricity is what was produced less what was sold: a sale without production, or above it, is not known.
base as (
    select
        {{ place }}, measure_code, sum(amount) as amount, max(delivery_id) as delivery_id,
        sum(amount * renewable_share) as renewable_kwh,
        case
            when max(is_missing) = 1 then 'x'
            when measure_code = 'Q_EL_EGEN' and (max(is_not_sold) = 0 or sum(amount) < 0) then 'x'
            else max(status_code)
        end as status_code,
        sum(case when measure_code in ('Q_EL', 'Q_VARME', 'Q_KOEL') then amount * kg_co2e_per_kwh else 0 end)
            as kg_co2e,
        case when measure_code in ('Q_EL', 'Q_VARME', 'Q_KOEL') then max(lacks_factor) else 0 end as lacks_factor
    from metered
    group by {{ place }}, measure_code
),

derived as (
    select {{ place }}, measure_code, amount, status_code, delivery_id from base
    union all
    select {{ place }}, 'Q_KOEL_EKV' as measure_code, amount / 3 as amount, status_code, delivery_id
    from base
    where measure_code = 'Q_KOEL'
    union all
    select
        {{ place }}, 'Q_VE' as measure_code, sum(renewable_kwh) as amount, max(status_code) as status_code,
        max(delivery_id) as delivery_id
    from base
    where measure_code <> 'Q_VAND'
    group by {{ place }}
    union all
    select
        {{ place }}, 'Q_CO2E' as measure_code, sum(coalesce(kg_co2e, 0)) as amount,
        case when max(lacks_factor) = 1 then 'x' else max(status_code) end as status_code,
        max(delivery_id) as delivery_id
    from base
    where measure_code in ('Q_EL', 'Q_VARME', 'Q_KOEL')
    group by {{ place }}
    union all
    select
        {{ place }}, 'Q_VARME_K' as measure_code, corrected_kwh as amount,
        case when missing_reason is null then status_code else 'x' end as status_code, delivery_id
    from {{ ref('int_heat__corrected') }}
    union all
    select * from {{ ref('int_energy_data__covered') }}
    union all
    select * from {{ ref('int_energy_zeros__listed') }}
)

select
    municipality_code, year, property_id, building_id, use_category, tenure, measure_code,
    case when status_code <> 'x' then amount end as amount,
    status_code, delivery_id
from derived
