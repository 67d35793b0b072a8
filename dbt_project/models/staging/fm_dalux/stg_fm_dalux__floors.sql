with source as (
    {{ current_rows('fm_dalux', 'floors', key=['trim(floor_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('floor_id') }} as floor_id,
        {{ text_or_null('building_id') }} as dalux_building_id,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('alternative_name') }} as alternative_name,
        {{ text_or_null('floor_type') }} as floor_type,
        -- Dalux sends 0.0 for what nobody has entered.
        nullif({{ safe_numeric('gross_area') }}, 0) as gross_area_m2,
        nullif({{ safe_numeric('net_area') }}, 0) as net_area_m2,
        nullif({{ safe_numeric('height') }}, 0) as height_m,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('floor_id') }} is not null
)

select * from renamed
