with source as (
    {{ current_rows('fm_dalux', 'ticket_topics', key=['trim(id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('id') }} as ticket_topic_id,
        {{ text_or_null('code') }} as code,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('group_name') }} as group_name,
        delivery_id
    from source
    where {{ text_or_null('id') }} is not null
)

select * from renamed
