{{ config(materialized='view') }}

-- The way from a measure back to postings: read it for one municipality, year and property at a time.
select
    sums.municipality_code,
    sums.fiscal_year,
    sums.posting_key_id,
    sums.delivery_id,
    keys.rule_no,
    keys.function_code,
    keys.cost_category,
    keys.tags,
    destinations.property_id,
    destinations.use_category,
    destinations.tenure,
    keys.rule_share * destinations.share as share,
    sums.amount_dkk * keys.rule_share * destinations.share as amount
from {{ ref('int_posting_keys__categorised') }} as keys
inner join {{ ref('int_postings__summed') }} as sums
    on
        keys.municipality_code = sums.municipality_code
        and keys.fiscal_year = sums.fiscal_year
        and keys.posting_key_id = sums.posting_key_id
inner join {{ ref('int_posting_deliveries__counted') }} as counted
    on sums.delivery_id = counted.delivery_id and sums.fiscal_year = counted.fiscal_year
inner join {{ ref('int_cost_destinations__shared') }} as destinations
    on keys.destination_id = destinations.destination_id
