with source as (
    {{ current_rows('fm_dalux', 'workorder_templates', key=['trim(id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('id') }} as workorder_template_id,
        {{ text_or_null('code') }} as code,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('group_name') }} as group_name,
        delivery_id
    from source
    where {{ text_or_null('id') }} is not null
)

select * from renamed
