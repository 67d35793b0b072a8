{{ config(materialized='view') }}

{%- set opus_columns %}
        postings.municipality_code,
        postings.delivery_id,
        postings.row_no,
        coalesce(psp_elements.function_code, 'unknown') as function_code,
        coalesce(psp_elements.dranst, '') as dranst,
        coalesce(postings.account, '') as account,
        coalesce(postings.psp_element, '') as psp_element,
        coalesce(postings.cost_centre, '') as cost_centre,
        postings.amount_dkk,
{%- endset %}
{%- set opus_joins %}
    left join {{ ref('stg_ledger_opus__psp_elements') }} as psp_elements
        on
            postings.municipality_code = psp_elements.municipality_code
            and postings.psp_element = psp_elements.psp_element
    inner join {{ source('ops', 'current_deliveries') }} as deliveries on postings.delivery_id = deliveries.delivery_id
{%- endset %}

-- An Opus line has no function: it follows from the PSP element. A voucher has no date: the day is its delivery's.
with opus_postings as (
    select
        {{- opus_columns }}
        postings.document_no,
        postings.line_no,
        'postings' as stream,
        coalesce(
            postings.fiscal_year,
            {{ year_of('postings.posting_date') }},
            {{ year_of('deliveries.window_from') }},
            0
        ) as fiscal_year
    from {{ ref('stg_ledger_opus__postings') }} as postings
    {{- opus_joins }}
),

opus_vouchers as (
    select
        {{- opus_columns }}
        cast(null as text) as document_no,
        cast(null as text) as line_no,
        'vouchers' as stream,
        coalesce({{ year_of('deliveries.window_from') }}, 0) as fiscal_year
    from {{ ref('stg_ledger_opus__vouchers') }} as postings
    {{- opus_joins }}
),

opus_posting_files as (
    select
        {{- opus_columns }}
        postings.document_no,
        postings.line_no,
        'posting_files' as stream,
        coalesce({{ year_of('postings.posting_date') }}, {{ year_of('deliveries.window_from') }}, 0) as fiscal_year
    from {{ ref('stg_ledger_opus__posting_files') }} as postings
    {{- opus_joins }}
),

prisme_postings as (
    select
        postings.municipality_code,
        postings.delivery_id,
        postings.row_no,
        coalesce(postings.function_code, 'unknown') as function_code,
        coalesce(postings.dranst, '') as dranst,
        coalesce(postings.account, '') as account,
        '' as psp_element,
        coalesce(postings.carrier, '') as cost_centre,
        postings.amount_dkk,
        postings.document_no,
        postings.line_no,
        'postings' as stream,
        coalesce(
            postings.fiscal_year,
            {{ year_of('postings.posting_date') }},
            {{ year_of('deliveries.window_from') }},
            0
        ) as fiscal_year
    from {{ ref('stg_ledger_prisme__postings') }} as postings
    inner join {{ source('ops', 'current_deliveries') }} as deliveries on postings.delivery_id = deliveries.delivery_id
),

unioned as (
    select *, 'ledger_opus' as source from opus_postings
    union all
    select *, 'ledger_opus' as source from opus_vouchers
    union all
    select *, 'ledger_opus' as source from opus_posting_files
    union all
    select *, 'ledger_prisme' as source from prisme_postings
)

select * from unioned
