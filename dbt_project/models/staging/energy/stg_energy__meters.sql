with source as (
    {{ current_rows('energy', 'meters', key=['trim(meter_no)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('meter_no') }} as meter_no,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        lower({{ text_or_null('carrier') }}) as carrier,
        lower({{ text_or_null('unit') }}) as unit,
        delivery_id
    from source
    where {{ text_or_null('meter_no') }} is not null
)

select * from renamed
