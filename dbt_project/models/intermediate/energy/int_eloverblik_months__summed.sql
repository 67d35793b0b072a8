{{ config(
    materialized='incremental',
    incremental_strategy='append',
    unlogged=false,
    pre_hook="{{ drop_superseded_deliveries('eloverblik', 'readings') }}",
) }}

-- Readings of up to a month by month, others by the month they begin in. The autumn day of 25 hours and the spring day
-- of 23 make a year of whole days again, so time is counted in minutes.
with readings as (
    select
        *,
        case
            when resolution in ('PT15M', 'PT1H', 'P1D', 'P1M') then 0
            when resolution = 'P1Y' then 1
            when end_at > {{ add_minutes('start_at', 32 * 1440) }} then 1
            else 0
        end as is_long,
        case
            when resolution = 'PT15M' then 15
            when resolution = 'PT1H' then 60
            when resolution = 'P1D' then 1440
            else {{ minutes_between('start_at', 'end_at') }}
        end as minutes
    from {{ ref('stg_eloverblik__readings') }}
    where
        local_month is not null and metering_point_id is not null
        and {{ new_deliveries_only('eloverblik', 'readings') }}
),

summed as (
    select
        municipality_code, delivery_id, metering_point_id,
        coalesce(business_type_code, '') as business_type_code,
        is_long,
        local_month,
        min(local_date) as first_date,
        max(case when is_long = 1 then {{ danish_date('end_at') }} end) as until_date,
        sum(quantity_kwh) as quantity_kwh,
        coalesce(sum(case when quantity_kwh is not null then minutes end), 0) / 1440.0 as days,
        count(*) as source_rows,
        sum(case when is_missing or quantity_kwh is null then 1 else 0 end) as missing_rows,
        sum(case when is_uncertain then 1 else 0 end) as estimated_rows
    from readings
    group by
        municipality_code, delivery_id, metering_point_id, coalesce(business_type_code, ''), is_long, local_month
)

select * from summed
