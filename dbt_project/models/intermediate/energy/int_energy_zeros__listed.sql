{{ config(materialized='ephemeral') }}

-- Of a municipality that delivers energy, a property without a meter of cooling or of own electricity has none: zero.
-- Without a meter of electricity, heat or water it has no row, for it uses some.
with without as (
    select
        years.municipality_code, years.year, properties.property_id, cast(null as text) as building_id,
        properties.use_category, properties.tenure, measures.measure_code, cast(0 as numeric) as amount,
        '' as status_code, cast(null as bigint) as delivery_id
    from {{ ref('int_property_uses__weighted') }} as properties
    inner join (
        select distinct municipality_code, year from {{ ref('int_meter_years__placed') }}
    ) as years using (municipality_code, year)
    cross join (
        select 'Q_KOEL' as measure_code, 'Q_KOEL' as metered_code
        union all
        select 'Q_KOEL_EKV' as measure_code, 'Q_KOEL' as metered_code
        union all
        select 'Q_EL_EGEN' as measure_code, 'Q_EL_EGEN' as metered_code
    ) as measures
    left join (
        select distinct municipality_code, year, property_id, measure_code from {{ ref('int_meter_years__placed') }}
    ) as metered
        on
            years.municipality_code = metered.municipality_code
            and years.year = metered.year
            and properties.property_id = metered.property_id
            and measures.metered_code = metered.measure_code
    where metered.property_id is null and properties.tenure in ('owned', 'leased')
)

select * from without
