with source as (
    {{ current_rows('fm_dalux', 'documents', key=['trim(document_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('document_id') }} as document_id,
        {{ text_or_null('estate_ids') }} as estate_ids,
        {{ text_or_null('building_ids') }} as building_ids,
        {{ text_or_null('floor_ids') }} as floor_ids,
        {{ text_or_null('room_ids') }} as room_ids,
        {{ text_or_null('lot_ids') }} as lot_ids,
        {{ text_or_null('asset_ids') }} as asset_ids,
        {{ safe_integer('version') }} as version,
        {{ safe_numeric('size') }} as size_bytes,
        {{ iso_date('upload_date') }} as upload_date,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('document_id') }} is not null
)

select * from renamed
