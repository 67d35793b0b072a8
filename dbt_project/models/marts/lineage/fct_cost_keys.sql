{{ config(materialized='view', post_hook='') }}

-- What a posting key brings to a destination of money. One row for each topic that the destination's uses belong to: a
-- topic is published with its own lineage.
with topics as (
    select distinct destinations.municipality_code, destinations.fiscal_year, destinations.destination_id, uses.topic
    from {{ ref('int_cost_destinations__shared') }} as destinations
    inner join {{ source('register', 'use_categories') }} as uses using (use_category)
)

select
    keys.municipality_code,
    topics.topic,
    keys.fiscal_year as year,
    keys.destination_id,
    keys.posting_key_id,
    sums.delivery_id,
    cast(keys.rule_no as integer) as rule_no,
    keys.cost_category as measure_code,
    keys.tags,
    keys.source,
    {%- for dimension in posting_dimensions().split(', ') %}
    keys.{{ dimension }},
    {%- endfor %}
    cast(keys.rule_share as numeric) as rule_share,
    cast(sums.amount_dkk * keys.rule_share as numeric) as amount_dkk,
    cast(sums.postings as bigint) as postings
from {{ ref('int_posting_keys__categorised') }} as keys
inner join {{ ref('int_postings__summed') }} as sums
    on
        keys.municipality_code = sums.municipality_code
        and keys.fiscal_year = sums.fiscal_year
        and keys.posting_key_id = sums.posting_key_id
inner join {{ ref('int_posting_deliveries__counted') }} as counted
    on sums.delivery_id = counted.delivery_id and sums.fiscal_year = counted.fiscal_year
inner join topics
    on
        keys.municipality_code = topics.municipality_code
        and keys.fiscal_year = topics.fiscal_year
        and keys.destination_id = topics.destination_id
