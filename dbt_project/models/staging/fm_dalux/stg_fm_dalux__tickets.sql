with source as (
    {{ current_rows('fm_dalux', 'tickets', key=['trim(ticket_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('ticket_id') }} as ticket_id,
        {{ text_or_null('number') }} as ticket_no,
        {{ text_or_null('topic_id') }} as topic_id,
        {{ text_or_null('team_id') }} as team_id,
        {{ text_or_null('estate_ids') }} as estate_ids,
        {{ text_or_null('building_ids') }} as building_ids,
        {{ text_or_null('floor_ids') }} as floor_ids,
        {{ text_or_null('room_ids') }} as room_ids,
        {{ text_or_null('lot_ids') }} as lot_ids,
        {{ text_or_null('status') }} as status_code,
        {{ iso_date('created_date') }} as created_date,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('ticket_id') }} is not null
)

select * from renamed
