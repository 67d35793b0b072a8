with source as (
    {{ current_rows('fm_dalux', 'products', key=['trim(product_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('product_id') }} as product_id,
        {{ text_or_null('name') }} as name,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('product_id') }} is not null
)

select * from renamed
