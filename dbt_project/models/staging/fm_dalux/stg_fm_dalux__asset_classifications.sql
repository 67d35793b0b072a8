with source as (
    {{ current_rows('fm_dalux', 'asset_classifications', key=['trim(classification_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('classification_id') }} as classification_id,
        nullif({{ text_or_null('parent_id') }}, '0') as parent_classification_id,
        {{ text_or_null('code') }} as classification_code,
        {{ text_or_null('name') }} as name,
        delivery_id
    from source
    where {{ text_or_null('classification_id') }} is not null
)

select * from renamed
