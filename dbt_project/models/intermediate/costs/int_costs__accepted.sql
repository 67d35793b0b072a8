{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    indexes=[{'columns': ['scope_hash']}], pre_hook='{{ forget_scopes() }}',
) }}

-- The other side of promise 1, on a way of its own: from the sums of postings, past rules and shares.
select
    scopes.scope_hash,
    sums.municipality_code,
    sums.fiscal_year as year,
    sums.function_code,
    sum(sums.amount_dkk) as accepted_dkk,
    sum(case when sums.dranst = '1' and sums.is_in_scope then sums.amount_dkk else 0 end) as running_dkk
from {{ ref('int_posting_keys__summed') }} as sums
inner join {{ ref('int_cost_scopes__fingerprinted') }} as scopes
    on sums.municipality_code = scopes.municipality_code and sums.fiscal_year = scopes.fiscal_year
where {{ in_changed_scopes('sums') }}
group by scopes.scope_hash, sums.municipality_code, sums.fiscal_year, sums.function_code
