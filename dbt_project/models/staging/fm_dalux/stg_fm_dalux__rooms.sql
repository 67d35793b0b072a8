with source as (
    {{ current_rows('fm_dalux', 'rooms', key=['trim(room_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('room_id') }} as room_id,
        {{ text_or_null('floor_id') }} as floor_id,
        {{ text_or_null('building_id') }} as dalux_building_id,
        {{ text_or_null('room_no') }} as room_no,
        {{ text_or_null('room_type') }} as room_type,
        {{ text_or_null('use') }} as fm_use,
        {{ fold_tenure('tenure') }} as tenure,
        {{ text_or_null('cleaning_profile') }} as cleaning_profile,
        {{ text_or_null('cleaning_frequency') }} as cleaning_frequency,
        {{ text_or_null('floor_covering') }} as floor_covering,
        -- Dalux sends 0.0 for what nobody has entered.
        nullif({{ safe_numeric('gross_area') }}, 0) as gross_area_m2,
        nullif({{ safe_numeric('net_area') }}, 0) as net_area_m2,
        nullif({{ safe_numeric('cleaning_area') }}, 0) as cleaned_m2,
        {{ safe_numeric('cleaning_minutes') }} as cleaning_minutes,
        {{ safe_integer('workplaces') }} as workplaces,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('room_id') }} is not null
)

select * from renamed
