with source as (
    {{ current_rows('fm_dalux', 'assets', key=['trim(asset_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('asset_id') }} as asset_id,
        nullif({{ text_or_null('parent_asset_id') }}, '0') as parent_asset_id,
        {{ text_or_null('classification_id') }} as classification_id,
        {{ text_or_null('product_id') }} as product_id,
        {{ text_or_null('estate_ids') }} as estate_ids,
        {{ text_or_null('building_ids') }} as building_ids,
        {{ text_or_null('floor_ids') }} as floor_ids,
        {{ text_or_null('room_ids') }} as room_ids,
        {{ text_or_null('lot_ids') }} as lot_ids,
        {{ text_or_null('classification_code') }} as classification_code,
        {{ text_or_null('disciplines') }} as disciplines,
        {{ text_or_null('building_part') }} as building_part,
        {{ text_or_null('condition') }} as condition_code,
        {{ text_or_null('consequence') }} as consequence_code,
        {{ text_or_null('unit') }} as unit,
        {{ safe_numeric('quantity') }} as quantity,
        {{ safe_numeric('remaining_life') }} as remaining_life_years,
        nullif({{ safe_numeric('renewal_cost') }}, 0) as renewal_cost_dkk,
        {{ safe_year('renewal_year') }} as renewal_year,
        {{ iso_date('installation_date') }} as installation_date,
        {{ iso_date('warranty_start_date') }} as warranty_start_date,
        {{ iso_date('warranty_end_date') }} as warranty_end_date,
        {{ iso_date('created_date') }} as created_date,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('asset_id') }} is not null
)

select * from renamed
