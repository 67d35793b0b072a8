{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    indexes=[{'columns': ['delivery_id']}, {'columns': ['municipality_code', 'fiscal_year']}],
    pre_hook='{{ forget_ledger_deliveries() }}',
) }}

-- Everything downstream depends on a posting's key only, so the ledger is read once and summed.
select
    municipality_code,
    delivery_id,
    fiscal_year,
    source,
    stream,
    posting_key_id,
    {{ posting_dimensions() }},
    batch,
    sum(amount_dkk) as amount_dkk,
    count(*) as postings
from {{ ref('int_postings__unioned') }}
where {{ of_new_delivery_ids() }}
group by
    municipality_code, delivery_id, fiscal_year, source, stream, posting_key_id,
    {{ posting_dimensions() }}, batch
