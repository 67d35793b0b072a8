-- Both sides of promise 1: what was accepted, summed from the postings; what the measures say, by category.
with sides as (
    select
        municipality_code, fiscal_year as year, function_code,
        amount_dkk as accepted_dkk, 0 as mapped_dkk, 0 as unmapped_dkk
    from {{ ref('int_postings__unioned') }}
    union all
    select
        municipality_code, year, function_code, 0 as accepted_dkk,
        case when measure_code <> 'C_UMAPPED' then amount else 0 end as mapped_dkk,
        case when measure_code = 'C_UMAPPED' then amount else 0 end as unmapped_dkk
    from {{ ref('int_costs__allocated') }}
),

summed as (
    select
        municipality_code, year, function_code,
        sum(accepted_dkk) as accepted_dkk, sum(mapped_dkk) as mapped_dkk, sum(unmapped_dkk) as unmapped_dkk
    from sides
    group by municipality_code, year, function_code
)

select
    municipality_code,
    year,
    function_code,
    accepted_dkk,
    mapped_dkk,
    unmapped_dkk,
    accepted_dkk - mapped_dkk - unmapped_dkk as difference_dkk
from summed
