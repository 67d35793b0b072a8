with source as (
    {{ current_rows('fm_dalux', 'estates', key=['trim(estate_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('estate_id') }} as estate_id,
        {{ text_or_null('location_id') }} as location_id,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('bfe_no') }} as bfe_number,
        {{ text_or_null('cost_centre') }} as cost_centre,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('use') }} as fm_use,
        {{ fold_tenure('tenure') }} as tenure,
        {{ text_or_null('district') }} as district,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('estate_id') }} is not null
)

select * from renamed
