with profiles as (
    select distinct key_figure_code, version, denominator_part, profile_no
    from {{ ref('int_key_figure_masks__combined') }}
),

figures as (
    select
        municipality_code, year, key_figure_code, version,
        covered.units_in_scope, covered.units_with_input, covered.area_in_scope_m2, covered.area_with_input_m2,
        covered.coverage_pct, covered.lacks_of_building, covered.lacks_of_property
    from {{ ref('int_key_figures__divided') }} as divided
    left join profiles using (key_figure_code, version, denominator_part)
    left join {{ ref('int_key_figures__covered') }} as covered
        using (municipality_code, year, level, use_category, profile_no)
    where divided.level = 'municipality'
),

needs as (
    select distinct need_code, known_per, need_bit from {{ ref('int_key_figure_needs__listed') }}
),

missing as (
    select
        figures.municipality_code, figures.year, figures.key_figure_code, figures.version,
        {{ list_of('needs.need_code', order='needs.need_code') }} as missing_measures
    from figures
    inner join needs
        on
            case when needs.known_per = 'building' then figures.lacks_of_building else figures.lacks_of_property end
            & needs.need_bit <> 0
    group by figures.municipality_code, figures.year, figures.key_figure_code, figures.version
)

select
    municipality_code,
    register.topic,
    year,
    key_figure_code,
    version,
    cast(coalesce(figures.units_in_scope, 0) as integer) as units_in_scope,
    cast(coalesce(figures.units_with_input, 0) as integer) as units_with_input,
    cast(coalesce(figures.area_in_scope_m2, 0) as numeric) as area_in_scope_m2,
    cast(coalesce(figures.area_with_input_m2, 0) as numeric) as area_with_input_m2,
    cast(figures.coverage_pct as numeric) as coverage_pct,
    coalesce(missing.missing_measures, '') as missing_measures
from figures
inner join {{ source('register', 'key_figures') }} as register using (key_figure_code, version)
left join missing using (municipality_code, year, key_figure_code, version)
