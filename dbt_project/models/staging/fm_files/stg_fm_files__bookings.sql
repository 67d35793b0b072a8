with source as (
    {{ current_rows('fm_files', 'bookings') }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        {{ text_or_null('room_no') }} as room_no,
        {{ text_or_null('kind') }} as kind,
        {{ minutes_of_day('starts') }} as starts_minute,
        {{ minutes_of_day('ends') }} as ends_minute,
        coalesce(
            {{ parse_amount('hours') }}, ({{ minutes_of_day('ends') }} - {{ minutes_of_day('starts') }}) / 60.0
        ) as booked_hours,
        {{ parse_date('trim(booking_date)') }} as booked_date,
        delivery_id,
        row_no
    from source
)

select * from renamed
