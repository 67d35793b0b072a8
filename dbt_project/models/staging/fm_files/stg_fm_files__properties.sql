with source as (
    {{ current_rows('fm_files', 'properties', key=['trim(property_no)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('bfe_no') }} as bfe_number,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('use') }} as fm_use,
        {{ fold_tenure('tenure') }} as tenure,
        delivery_id
    from source
    where {{ text_or_null('property_no') }} is not null
)

select * from renamed
