with source as (
    {{ current_rows('fm_openmaint', 'meter_readings', key=['trim(reading_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('reading_id') }} as reading_id,
        {{ text_or_null('meter_id') }} as meter_id,
        {{ safe_numeric('value') }} as meter_value,
        {{ iso_date('read_at') }} as read_date,
        {{ iso_date('begin_date') }} as changed_date,
        delivery_id
    from source
    where {{ text_or_null('reading_id') }} is not null
)

select * from renamed
