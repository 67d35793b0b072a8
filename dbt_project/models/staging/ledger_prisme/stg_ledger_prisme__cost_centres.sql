with source as (
    {{ current_rows('ledger_prisme', 'cost_centres', key=['trim(carrier)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('carrier') }} as carrier,
        {{ text_or_null('property_no') }} as property_no,
        {{ text_or_null('name') }} as name,
        delivery_id
    from source
    where {{ text_or_null('carrier') }} is not null
)

select * from renamed
