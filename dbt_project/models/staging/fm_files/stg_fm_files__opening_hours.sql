with source as (
    {{ current_rows('fm_files', 'opening_hours') }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        {{ text_or_null('room_no') }} as room_no,
        {{ weekday_number('weekday') }} as weekday,
        {{ minutes_of_day('opens') }} as opens_minute,
        {{ minutes_of_day('closes') }} as closes_minute,
        {{ parse_date('trim(valid_from)') }} as valid_from_date,
        {{ open_end(parse_date('trim(valid_to)')) }} as valid_to_date,
        delivery_id,
        row_no
    from source
)

select * from renamed
