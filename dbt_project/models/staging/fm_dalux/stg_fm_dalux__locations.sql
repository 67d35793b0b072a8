with source as (
    {{ current_rows('fm_dalux', 'locations', key=['trim(location_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('location_id') }} as location_id,
        {{ text_or_null('parent_id') }} as parent_location_id,
        {{ text_or_null('name') }} as name,
        {{ yes_or_no('is_municipality') }} as is_municipality,
        delivery_id
    from source
    where {{ text_or_null('location_id') }} is not null
)

select * from renamed
