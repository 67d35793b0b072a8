{%- set bits = {'provisional': 1, 'estimated': 2, 'unreliable': 4, 'differs': 8, 'imputed': 16} -%}
with figures as (
    select
        divided.*,
        register.topic, register.unit, register.scale, register.coverage_needed_pct, register.is_break,
        register.valid_from, register.adoption_state, register.area_basis, register.price_basis,
        covered.coverage_pct,
        coalesce(covered.units_in_scope, 0) as units_in_scope,
        profiles.profile_no is not null as asks_units,
        max(covered.units_in_scope) over (partition by divided.municipality_code, divided.year) as most_units
    from {{ ref('int_key_figures__divided') }} as divided
    inner join {{ source('register', 'key_figures') }} as register using (key_figure_code, version)
    left join (
        select distinct key_figure_code, version, denominator_part, profile_no
        from {{ ref('int_key_figure_masks__combined') }}
    ) as profiles using (key_figure_code, version, denominator_part)
    left join {{ ref('int_key_figures__covered') }} as covered
        using (municipality_code, year, level, use_category, profile_no)
),

judged as (
    select
        *,
        -- A municipality without such a property lacks nothing.
        asks_units and units_in_scope = 0 and most_units > 0 as is_impossible,
        case
            when asks_units and units_in_scope = 0 and most_units > 0 then 'no building in scope'
            when numerator is null then numerator_reason
            when denominator is null then denominator_reason
            when denominator = 0 then 'the denominator is 0'
            when asks_units and coalesce(coverage_pct, 0) < coverage_needed_pct
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
    level,
    key_figure_code,
    version,
    cast(numerator as numeric) as numerator,
    cast(denominator as numeric) as denominator,
    cast(case when reason is null then scale * numerator / denominator end as numeric) as value,
    unit,
    case
        when is_impossible then 'm'
        when reason is not null then 'x'
        when status_bits & {{ bits.imputed }} > 0 then 'i'
        when status_bits & {{ bits.differs }} > 0 then 'd'
        -- The first two years of a definition that the municipalities have not adopted.
        when status_bits & {{ bits.unreliable }} > 0 or year < valid_from + 2 and adoption_state <> 'adopted' then 'u'
        when is_break and year = valid_from then 'b'
        when status_bits & {{ bits.estimated }} > 0 then 'e'
        when status_bits & {{ bits.provisional }} > 0 then 'p'
        else ''
    end as status_code,
    substr(
        case when uses_fallback then ',fallback_denominator' else '' end
        || case when status_bits & {{ bits.estimated }} > 0 then ',estimated' else '' end
        || case when status_bits & {{ bits.imputed }} > 0 then ',imputed' else '' end, 2
    ) as flags,
    cast(coverage_pct as numeric) as coverage_pct,
    cast(units_in_scope as integer) as n_units,
    reason,
    use_category,
    area_basis,
    price_basis
from judged
