with source as (
    {{ current_rows('fm_dalux', 'invoices', key=['trim(invoice_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('invoice_id') }} as invoice_id,
        {{ text_or_null('work_order_id') }} as work_order_id,
        nullif({{ text_or_null('company_id') }}, '0') as company_id,
        {{ text_or_null('number') }} as invoice_no,
        {{ text_or_null('status') }} as status_code,
        {{ safe_numeric('amount') }} as amount_dkk,
        {{ iso_date('invoice_date') }} as invoice_date,
        {{ iso_date('created_date') }} as created_date,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('invoice_id') }} is not null
)

select * from renamed
