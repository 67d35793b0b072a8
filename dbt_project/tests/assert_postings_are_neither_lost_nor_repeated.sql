{{ config(tags=['intermediate']) }}

{%- set ledgers = [
    'stg_ledger_opus__postings', 'stg_ledger_opus__vouchers', 'stg_ledger_opus__posting_files',
    'stg_ledger_prisme__postings',
] %}
-- The joins that give a posting its function must leave the number of postings and their sum as landed.
with landed as (
    {%- for ledger in ledgers %}
    select municipality_code, amount_dkk, 1 as postings from {{ ref(ledger) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

both_sides as (
    select municipality_code, sum(amount_dkk) as amount_dkk, sum(postings) as postings
    from landed
    group by municipality_code
    union all
    select municipality_code, -sum(amount_dkk) as amount_dkk, -sum(postings) as postings
    from {{ ref('int_posting_keys__summed') }}
    group by municipality_code
)

select municipality_code, sum(amount_dkk) as amount_dkk, sum(postings) as postings
from both_sides
group by municipality_code
having sum(amount_dkk) <> 0 or sum(postings) <> 0
