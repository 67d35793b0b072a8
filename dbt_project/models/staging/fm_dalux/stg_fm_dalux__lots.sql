with source as (
    {{ current_rows('fm_dalux', 'lots', key=['trim(lot_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('lot_id') }} as lot_id,
        {{ text_or_null('estate_id') }} as estate_id,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('alternative_name') }} as alternative_name,
        {{ text_or_null('use') }} as fm_use,
        {{ fold_tenure('tenure') }} as tenure,
        nullif({{ safe_numeric('area') }}, 0) as area_m2,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('lot_id') }} is not null
)

select * from renamed
