with figures as (
    select
        divided.*,
        register.topic,
        register.unit,
        register.scale,
        register.coverage_needed_pct,
        coverage.coverage_pct,
        coverage.units_in_scope,
        max(coverage.units_in_scope) over (partition by divided.municipality_code, divided.year) as most_units
    from {{ ref('int_key_figures__divided') }} as divided
    inner join {{ source('register', 'key_figures') }} as register using (key_figure_code, version)
    inner join {{ ref('fct_coverage') }} as coverage using (municipality_code, year, key_figure_code, version)
),

judged as (
    select
        *,
        case
            when units_in_scope = 0 and most_units > 0 then 'no building in scope'
            when numerator is null then numerator_reason
            when denominator is null then denominator_reason
            when denominator = 0 then 'the denominator is 0'
            when coalesce(coverage_pct, 0) < coverage_needed_pct
                then
                    'coverage ' || cast(floor(coalesce(coverage_pct, 0)) as text) || ' % of needed '
                    || cast(round(coverage_needed_pct) as text) || ' %'
        end as reason
    from figures
)

select
    municipality_code,
    topic,
    year,
    'municipality' as level,
    key_figure_code,
    version,
    cast(numerator as numeric) as numerator,
    cast(denominator as numeric) as denominator,
    cast(case when reason is null then scale * numerator / denominator end as numeric) as value,
    unit,
    case
        when reason is null then ''
        -- A municipality without such a property lacks nothing.
        when units_in_scope = 0 and most_units > 0 then 'm'
        else 'x'
    end as status_code,
    case when uses_fallback then 'fallback_denominator' else '' end as flags,
    coverage_pct,
    units_in_scope as n_units,
    reason
from judged
