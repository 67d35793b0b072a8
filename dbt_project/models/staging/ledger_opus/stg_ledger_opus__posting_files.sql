{{ config(materialized='view') }}

-- Typed where it is read: int_postings__unioned reads each delivery once.
with source as (
    {{ current_rows('ledger_opus', 'posting_files') }}
),

renamed as (
    select
        delivery_id,
        row_no,
        municipality_code,
        document_no,
        line_no,
        {{ text_or_null('account') }} as account,
        {{ opus_account_class(text_or_null('account')) }} as account_class,
        {{ opus_art_code(text_or_null('account')) }} as art_code,
        {{ opus_balance_function(text_or_null('account')) }} as balance_function,
        {{ text_or_null('cost_centre') }} as cost_centre,
        {{ text_or_null('psp_element') }} as psp_element,
        {{ text_or_null('debit_credit') }} as debit_credit,
        {{ year_of('window_from') }} as window_year,
        {{ parse_posting_amount('amount') }} as amount_dkk,
        {{ parse_date('value_date') }} as value_date,
        {{ parse_date('posting_date') }} as posting_date,
        {{ parse_date('document_date') }} as document_date
    from source
)

select * from renamed
