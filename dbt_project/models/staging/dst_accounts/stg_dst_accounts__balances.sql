with source as (
    {{ current_rows('dst_accounts', 'balance') }}
),

renamed as (
    select
        delivery_id,
        row_no,
        municipality_code,
        {{ function_code('function') }} as function_code,
        {{ text_or_null('dranst') }} as dranst,
        {{ text_or_null('ownership') }} as ownership_code,
        {{ code_of('grouping', 3) }} as grouping_code,
        {{ art_code('art') }} as art_code,
        {{ year_of('window_from') }} as fiscal_year,
        {{ parse_amount('opening_amount') }} as opening_amount_thousand_dkk,
        {{ parse_amount('opening_amount') }} * 1000 as opening_amount_dkk,
        {{ parse_amount('closing_amount') }} as closing_amount_thousand_dkk,
        {{ parse_amount('closing_amount') }} * 1000 as closing_amount_dkk
    from source
)

select * from renamed
