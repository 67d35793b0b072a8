with source as (
    {{ current_rows('fm_openmaint', 'maintenance_requests', key=['trim(request_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('request_id') }} as request_id,
        {{ text_or_null('building_id') }} as openmaint_building_id,
        {{ text_or_null('room_id') }} as room_id,
        {{ text_or_null('code') }} as request_no,
        {{ text_or_null('priority_code') }} as priority_code,
        {{ text_or_null('category_code') }} as category_code,
        {{ text_or_null('status_code') }} as status_code,
        {{ text_or_null('cost_centre') }} as cost_centre,
        nullif({{ safe_numeric('cost') }}, 0) as cost_dkk,
        {{ iso_date('opened_at') }} as opened_date,
        {{ iso_date('closed_at') }} as closed_date,
        {{ iso_date('begin_date') }} as changed_date,
        delivery_id
    from source
    where {{ text_or_null('request_id') }} is not null
)

select * from renamed
