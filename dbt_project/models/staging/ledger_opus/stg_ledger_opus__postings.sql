{{ config(materialized='view') }}

-- Typed where it is read: int_postings__unioned reads each delivery once.
with source as (
    {{ current_rows('ledger_opus', 'postings') }}
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
        profit_centre,
        order_no,
        document_type,
        {{ parse_year('fiscal_year') }} as fiscal_year,
        period,
        {{ year_of('window_from') }} as window_year,
        {{ parse_posting_amount('amount', 'debit_credit') }} as amount_dkk,
        {{ parse_date('posting_date') }} as posting_date,
        {{ parse_date('document_date') }} as document_date,
        {{ parse_date('registration_date') }} as registration_date
    from source
)

select * from renamed
