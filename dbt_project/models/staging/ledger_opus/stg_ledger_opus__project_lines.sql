{{ config(materialized='view') }}

-- Typed where it is read: int_postings__unioned reads each delivery once.
with source as (
    {{ newest_rows(
        'ledger_opus', 'project_lines', ['document_no', 'line_no'], 'registration_date', 'registration_time'
    ) }}
),

renamed as (
    select
        delivery_id,
        row_no,
        municipality_code,
        document_no,
        line_no,
        {{ text_or_null('cost_element') }} as account,
        {{ opus_account_class(text_or_null('cost_element')) }} as account_class,
        {{ opus_art_code(text_or_null('cost_element')) }} as art_code,
        {{ opus_balance_function(text_or_null('cost_element')) }} as balance_function,
        {{ text_or_null('psp_element') }} as psp_element,
        {{ text_or_null('function_area') }} as function_area,
        {{ text_or_null('counter_account') }} as counter_account,
        {{ text_or_null('partner_object') }} as partner_object,
        {{ text_or_null('document_type') }} as document_type,
        {{ text_or_null('reference_document_no') }} as reference_document_no,
        {{ text_or_null('reversal_reference') }} as reversal_reference,
        {{ text_or_null('reversal_origin') }} as reversal_origin,
        {{ text_or_null('reversal_flag') }} as reversal_flag,
        {{ text_or_null('reversed_flag') }} as reversed_flag,
        {{ text_or_null('currency') }} as currency,
        {{ parse_year('fiscal_year') }} as fiscal_year,
        {{ safe_integer('period') }} as period,
        {{ year_of('window_from') }} as window_year,
        {{ parse_posting_amount('amount') }} as amount_dkk,
        {{ is_opus_psp(text_or_null('psp_element')) }} as is_psp_well_formed,
        coalesce({{ safe_integer('period') }} > 12, false) as is_supplementary,
        {{ parse_date('posting_date') }} as posting_date,
        {{ parse_date('document_date') }} as document_date,
        {{ parse_date('value_date') }} as value_date,
        {{ parse_date('registration_date') }} as registration_date,
        {{ text_or_null('registration_time') }} as registration_time
    from source
)

select * from renamed
