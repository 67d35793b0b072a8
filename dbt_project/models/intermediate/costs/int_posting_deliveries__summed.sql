{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    indexes=[{'columns': ['delivery_id']}], pre_hook='{{ forget_ledger_deliveries() }}',
) }}

select
    municipality_code,
    delivery_id,
    fiscal_year,
    source,
    stream,
    batch,
    sum(amount_dkk) as amount_dkk,
    cast(sum(postings) as bigint) as postings
from {{ ref('int_postings__summed') }}
where {{ of_new_delivery_ids() }}
group by municipality_code, delivery_id, fiscal_year, source, stream, batch
