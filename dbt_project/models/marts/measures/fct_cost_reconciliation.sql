{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    on_schema_change='fail', indexes=[{'columns': ['scope_hash']}], pre_hook='{{ forget_scopes() }}',
) }}

-- Both sides of promise 1: what was accepted, summed from the postings; what the measures say, by category. Parts of
-- costs that are in a category already are left out.
with sides as (
    select
        scope_hash, municipality_code, year, function_code, accepted_dkk, 0 as mapped_dkk, 0 as unmapped_dkk
    from {{ ref('int_costs__accepted') }}
    where {{ in_changed_scopes(year='year') }}
    union all
    select
        costs.scope_hash, costs.municipality_code, costs.year, costs.function_code, 0 as accepted_dkk,
        case when costs.measure_code <> 'C_UMAPPED' then costs.amount else 0 end as mapped_dkk,
        case when costs.measure_code = 'C_UMAPPED' then costs.amount else 0 end as unmapped_dkk
    from {{ ref('int_costs__allocated') }} as costs
    inner join {{ source('register', 'measures') }} as measures using (measure_code)
    where measures.kind = 'cost' and {{ in_changed_scopes('costs', year='year') }}
),

summed as (
    select
        scope_hash, municipality_code, year, function_code,
        sum(accepted_dkk) as accepted_dkk, sum(mapped_dkk) as mapped_dkk, sum(unmapped_dkk) as unmapped_dkk
    from sides
    group by scope_hash, municipality_code, year, function_code
)

select
    scope_hash,
    municipality_code,
    year,
    function_code,
    accepted_dkk,
    mapped_dkk,
    unmapped_dkk,
    accepted_dkk - mapped_dkk - unmapped_dkk as difference_dkk
from summed
