{{ config(materialized='view') }}

-- Typed where it is read: int_postings__unioned reads each delivery once.
with source as (
    {{ current_rows('ledger_prisme', 'postings') }}
),

renamed as (
    select
        delivery_id,
        row_no,
        municipality_code,
        voucher as document_no,
        line_no,
        {{ text_or_null('account') }} as account,
        {{ function_code('function') }} as function_code,
        {{ text_or_null('dranst') }} as dranst,
        {{ text_or_null('ownership') }} as ownership_code,
        {{ text_or_null('grouping') }} as grouping_code,
        {{ text_or_null('art') }} as art,
        {{ text_or_null('department') }} as department,
        {{ text_or_null('carrier') }} as carrier,
        {{ text_or_null('purpose') }} as purpose,
        posting_type,
        {{ parse_year('fiscal_year') }} as fiscal_year,
        period,
        {{ year_of('window_from') }} as window_year,
        {{ parse_posting_amount('amount') }} as amount_dkk,
        {{ parse_date('posting_date') }} as posting_date
    from source
)

select * from renamed
