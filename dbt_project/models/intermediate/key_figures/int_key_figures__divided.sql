-- Both parts of every key figure. The fallback denominator steps in only where the first has no value.
with parts as (
    select * from {{ ref('int_key_figure_parts__summed') }}
),

paired as (
    select
        numerators.municipality_code,
        numerators.year,
        numerators.key_figure_code,
        numerators.version,
        numerators.amount as numerator,
        numerators.missing_reason as numerator_reason,
        coalesce(denominators.amount, figures.denominator_constant) as first_denominator,
        denominators.missing_reason as denominator_reason,
        fallbacks.amount as fallback_denominator,
        denominators.amount is null and figures.denominator_constant is null and fallbacks.amount is not null
            as uses_fallback
    from parts as numerators
    inner join {{ source('register', 'key_figures') }} as figures using (key_figure_code, version)
    left join parts as denominators
        on
            numerators.municipality_code = denominators.municipality_code
            and numerators.year = denominators.year
            and numerators.key_figure_code = denominators.key_figure_code
            and numerators.version = denominators.version
            and denominators.part = 'denominator'
    left join parts as fallbacks
        on
            numerators.municipality_code = fallbacks.municipality_code
            and numerators.year = fallbacks.year
            and numerators.key_figure_code = fallbacks.key_figure_code
            and numerators.version = fallbacks.version
            and fallbacks.part = 'fallback_denominator'
    where numerators.part = 'numerator'
)

select
    municipality_code,
    year,
    key_figure_code,
    version,
    numerator,
    case when uses_fallback then fallback_denominator else first_denominator end as denominator,
    case when uses_fallback then 'fallback_denominator' else 'denominator' end as denominator_part,
    uses_fallback,
    numerator_reason,
    case when not uses_fallback then denominator_reason end as denominator_reason
from paired
