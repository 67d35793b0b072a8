{{ config(materialized='view') }}

-- Typed where it is read: int_postings__unioned reads each delivery once.
with source as (
    {{ newest_rows(
        'ledger_files',
        'registered_postings',
        ['document_no', 'line_no', "coalesce(fiscal_year, '')"],
        'registration_date',
        'registration_time'
    ) }}
),

renamed as (
    select
        delivery_id,
        row_no,
        municipality_code,
        document_no,
        line_no,
        {{ text_or_null('account') }} as account,
        coalesce(
            {{ function_code('function') }}, {{ account_part('authorised_account', 'function') }}
        ) as function_code,
        coalesce({{ text_or_null('dranst') }}, {{ account_part('authorised_account', 'dranst') }}) as dranst,
        coalesce(
            {{ text_or_null('ownership') }}, {{ account_part('authorised_account', 'ownership') }}
        ) as ownership_code,
        coalesce({{ code_of('grouping', 3) }}, {{ account_part('authorised_account', 'grouping') }}) as grouping_code,
        coalesce({{ art_code('art') }}, {{ account_part('authorised_account', 'art') }}) as art_code,
        {{ account_part('authorised_account', 'cost_centre') }} as authorised_cost_centre,
        {{ text_or_null('psp_element') }} as psp_element,
        {{ text_or_null('cost_centre') }} as cost_centre,
        {{ text_or_null('profit_centre') }} as profit_centre,
        {{ text_or_null('project_no') }} as project_no,
        {{ text_or_null('department') }} as department,
        {{ text_or_null('carrier') }} as carrier,
        {{ text_or_null('purpose') }} as purpose,
        {{ text_or_null('document_type') }} as document_type,
        {{ text_or_null('posting_type') }} as posting_type,
        {{ text_or_null('reversal_reference') }} as reversal_reference,
        {{ text_or_null('reversal_flag') }} as reversal_flag,
        amount_unit as delivered_unit,
        coalesce({{ parse_year('fiscal_year') }}, {{ year_of(parse_date('posting_date')) }}) as fiscal_year,
        {{ safe_integer('period') }} as period,
        {{ parse_posting_amount('amount') }} as delivered_amount,
        {{ year_of('window_from') }} as window_year,
        {{ in_kroner(parse_posting_amount('amount'), 'amount_unit') }} as amount_dkk,
        coalesce({{ safe_integer('period') }} > 12, false) as is_supplementary,
        {{ parse_date('posting_date') }} as posting_date,
        {{ parse_date('document_date') }} as document_date,
        {{ parse_date('registration_date') }} as registration_date
    from source
)

select * from renamed
