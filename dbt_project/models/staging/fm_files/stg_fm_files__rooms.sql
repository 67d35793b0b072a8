with source as (
    {{ current_rows('fm_files', 'rooms') }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        {{ text_or_null('room_no') }} as room_no,
        {{ text_or_null('floor') }} as floor_name,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('room_type') }} as room_type,
        {{ text_or_null('floor_material') }} as floor_material,
        {{ text_or_null('cleaning_profile') }} as cleaning_profile,
        {{ text_or_null('cleaning_code') }} as cleaning_code,
        {{ square_metres('area', 'area_unit') }} as area_m2,
        {{ square_metres('gross_area', 'area_unit') }} as gross_area_m2,
        {{ parse_amount('frequency_per_week') }} as cleanings_per_week,
        {{ parse_amount('minutes') }} as cleaning_minutes,
        {{ programmed_cleaning('cleaning_code', 1) }} as programmed_days_per_week,
        {{ programmed_cleaning('cleaning_code', 2) }} as programmed_floors_per_week,
        {{ programmed_cleaning('cleaning_code', 3) }} as programmed_furniture_per_week,
        delivery_id,
        row_no
    from source
)

select * from renamed
