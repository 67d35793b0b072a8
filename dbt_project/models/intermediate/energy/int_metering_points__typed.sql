{{ config(materialized='ephemeral') }}

-- Of a parent and its children one side counts: children of the kinds from grid, to grid and net production step in for
-- a parent that has no readings; all others (electric heating, for one) are part of what the parent measures.
with series as (
    select distinct
        municipality_code, metering_point_id,
        business_type_code || case when is_long = 1 then '/year' else '' end as series,
        business_type_code
    from {{ ref('int_eloverblik_months__summed') }}
),

points as (
    select
        series.*, points.meter_no, points.dar_id, points.delivery_id,
        coalesce(points.metering_point_type_code, 'E17') as type_code,
        coalesce(points.is_child, false) as is_child,
        coalesce(points.parent_metering_point_id, series.metering_point_id) as point_key
    from series
    left join {{ ref('stg_eloverblik__metering_points') }} as points using (municipality_code, metering_point_id)
),

typed as (
    select
        *,
        case
            when is_child and type_code in ('D07', 'D10') then 'electricity'
            when is_child and type_code in ('D01', 'D05', 'D09', 'D18') then 'own_electricity'
            when is_child and type_code in ('D04', 'D06', 'D11') then 'electricity_sold'
            when is_child then null
            when type_code = 'E17' and business_type_code = 'A01' then 'electricity_sold'
            when type_code in ('E17', 'D07', 'D10') then 'electricity'
            when type_code = 'E18' and business_type_code = 'A04' then null
            when type_code in ('E18', 'D01', 'D05', 'D09', 'D18') then 'own_electricity'
            when type_code in ('D04', 'D06', 'D11') then 'electricity_sold'
        end as carrier
    from points
)

select * from typed
