with source as (
    {{ current_rows('fm_files', 'properties', key=['trim(property_no)', 'trim(bfe_no)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('bfe_no') }} as bfe_number,
        delivery_id,
        row_no
    from source
    where {{ text_or_null('property_no') }} is not null and {{ without_leading_zeros('bfe_no') }} is not null
)

select * from renamed
