{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    indexes=[{'columns': ['scope_hash']}], pre_hook='{{ forget_scopes() }}',
) }}

{%- set parts = {
    'envelope': 'C_VEDL_UDV', 'interior': 'C_VEDL_IND', 'installations': 'C_VEDL_INST', 'backlog': 'C_EFTERSLAEB',
} %}
-- Summed by destination first: a split over a hundred properties is then worked out once, not for every key.
with sums as (
    select
        keys.scope_hash,
        sums.municipality_code,
        sums.delivery_id,
        sums.fiscal_year,
        keys.function_code,
        keys.cost_category,
        keys.tags,
        keys.destination_id,
        sum(sums.amount_dkk * keys.rule_share) as amount_dkk,
        sum(sums.postings) as postings
    from {{ ref('int_postings__summed') }} as sums
    inner join {{ ref('int_posting_deliveries__counted') }} as counted
        on sums.delivery_id = counted.delivery_id and sums.fiscal_year = counted.fiscal_year
    inner join {{ ref('int_posting_keys__categorised') }} as keys
        on
            sums.municipality_code = keys.municipality_code
            and sums.fiscal_year = keys.fiscal_year
            and sums.posting_key_id = keys.posting_key_id
    where {{ in_changed_scopes('keys') }}
    group by
        keys.scope_hash, sums.municipality_code, sums.delivery_id, sums.fiscal_year, keys.function_code,
        keys.cost_category, keys.tags, keys.destination_id
),

-- A tagged cost is measured a second time, as a part of maintenance or investment: never added to costs.
measured as (
    select sums.*, cost_category as measure_code from sums
    {%- for tag, measure_code in parts.items() %}
    union all
    select sums.*, '{{ measure_code }}' as measure_code from sums where tags like '%{{ tag }}%'
    {%- endfor %}
)

select
    measured.scope_hash,
    measured.municipality_code,
    measured.delivery_id,
    measured.fiscal_year as year,
    measured.function_code,
    measured.measure_code,
    destinations.property_id,
    destinations.use_category,
    destinations.tenure,
    sum(measured.amount_dkk * destinations.share) as amount,
    cast(sum(measured.postings) as bigint) as source_rows
from measured
inner join {{ ref('int_cost_destinations__shared') }} as destinations using (destination_id)
group by
    measured.scope_hash, measured.municipality_code, measured.delivery_id, measured.fiscal_year, measured.function_code,
    measured.measure_code, destinations.property_id, destinations.use_category, destinations.tenure
