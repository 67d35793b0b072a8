with source as (
    {{ current_rows('fm_openmaint', 'meters', key=['trim(meter_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('meter_id') }} as meter_id,
        {{ text_or_null('building_id') }} as openmaint_building_id,
        {{ text_or_null('meter_no') }} as meter_no,
        {{ text_or_null('code') }} as code,
        {{ text_or_null('type_code') }} as type_code,
        {{ text_or_null('type_name') }} as type_name,
        {{ text_or_null('carrier') }} as carrier,
        {{ text_or_null('unit') }} as unit,
        {{ safe_numeric('factor') }} as factor,
        {{ iso_date('begin_date') }} as changed_date,
        delivery_id
    from source
    where {{ text_or_null('meter_id') }} is not null
)

select * from renamed
