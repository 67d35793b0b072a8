-- Both parts of every key figure. A part lacks a value when a term that must be there has no amount at all; a term that
-- need not be adds nothing then. The fallback denominator steps in only where the first has no value.
with terms as (
    select
        *,
        case
            when is_required and known_rows = 0
                then
                    'no ' || measure_code
                    || case when only_use_category <> 'none' then ' for ' || only_use_category else '' end
        end as missing_reason
    from {{ ref('int_key_figure_terms__summed') }}
),

parts as (
    select
        municipality_code, year, level, use_category, key_figure_code, version, part,
        case when count(missing_reason) = 0 then sum(weight * coalesce(amount, 0)) end as amount,
        {{ list_of('missing_reason', order='term_no') }} as missing_reason,
        bit_or(status_bits) as status_bits
    from terms
    group by municipality_code, year, level, use_category, key_figure_code, version, part
),

pivoted as (
    select
        municipality_code, year, level, use_category, key_figure_code, version,
        {%- for part in ['numerator', 'denominator', 'fallback_denominator'] %}
        max(case when part = '{{ part }}' then amount end) as {{ part }},
        max(case when part = '{{ part }}' then missing_reason end) as {{ part }}_reason,
        max(case when part = '{{ part }}' then status_bits end) as {{ part }}_bits
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from parts
    group by municipality_code, year, level, use_category, key_figure_code, version
),

chosen as (
    select
        pivoted.*,
        coalesce(pivoted.denominator, register.denominator_constant) as first_denominator,
        coalesce(pivoted.denominator, register.denominator_constant) is null
        and pivoted.fallback_denominator is not null as uses_fallback
    from pivoted
    inner join {{ source('register', 'key_figures') }} as register using (key_figure_code, version)
)

select
    municipality_code,
    year,
    level,
    use_category,
    key_figure_code,
    version,
    numerator,
    case when uses_fallback then fallback_denominator else first_denominator end as denominator,
    case when uses_fallback then 'fallback_denominator' else 'denominator' end as denominator_part,
    uses_fallback,
    numerator_reason,
    case when not uses_fallback then denominator_reason end as denominator_reason,
    coalesce(numerator_bits, 0)
    | coalesce(case when uses_fallback then fallback_denominator_bits else denominator_bits end, 0) as status_bits
from chosen
