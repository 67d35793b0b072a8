{{ config(materialized='view') }}

-- Typed where it is read: int_postings__unioned reads each delivery once.
with source as (
    {{ current_rows('ledger_prisme', 'g69_postings') }}
),

-- Amounts are written in oere. A minus reverses the mark: a debit with a minus takes an earlier debit back.
renamed as (
    select
        delivery_id,
        row_no,
        municipality_code,
        machine_no,
        batch_no,
        file_line_no,
        {{ text_or_null('account') }} as account,
        {{ text_or_null('department') }} as department,
        {{ text_or_null('carrier') }} as carrier,
        {{ text_or_null('purpose') }} as purpose,
        {{ text_or_null('project_no') }} as project_no,
        {{ text_or_null('project_type') }} as project_type,
        {{ text_or_null('requisition_no') }} as requisition_no,
        posting_type,
        debit_credit,
        coalesce(
            {{ parse_year('fiscal_year') }},
            case when posting_type <> 'SUP' then {{ year_of(parse_date('posting_date')) }} end
        ) as fiscal_year,
        {{ year_of('window_from') }} as window_year,
        case when debit_credit = 'K' then -1 else 1 end * {{ parse_posting_amount('amount_oere') }} / 100 as amount_dkk,
        posting_type = 'SUP' as is_supplementary,
        posting_type = 'PRI' as is_opening_balance,
        {{ parse_date('posting_date') }} as posting_date,
        {{ parse_date('value_date') }} as value_date
    from source
)

select * from renamed
