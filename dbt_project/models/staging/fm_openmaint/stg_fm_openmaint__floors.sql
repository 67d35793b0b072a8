with source as (
    {{ current_rows('fm_openmaint', 'floors', key=['trim(floor_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('floor_id') }} as floor_id,
        {{ text_or_null('building_id') }} as openmaint_building_id,
        {{ text_or_null('code') }} as code,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('main_use_code') }} as main_use_code,
        {{ text_or_null('main_use') }} as main_use_name,
        {{ text_or_null('condition_code') }} as condition_code,
        {{ text_or_null('criticality_code') }} as criticality_code,
        {{ text_or_null('state_code') }} as state_code,
        nullif({{ safe_numeric('gross_area') }}, 0) as gross_area_m2,
        nullif({{ safe_numeric('net_area') }}, 0) as net_area_m2,
        nullif({{ safe_numeric('covered_area') }}, 0) as covered_area_m2,
        nullif({{ safe_numeric('glazed_area') }}, 0) as glazed_area_m2,
        nullif({{ safe_numeric('cleaning_area') }}, 0) as cleaned_m2,
        nullif({{ safe_numeric('volume') }}, 0) as volume_m3,
        nullif({{ safe_numeric('heated_volume') }}, 0) as heated_volume_m3,
        {{ iso_date('begin_date') }} as changed_date,
        delivery_id
    from source
    where {{ text_or_null('floor_id') }} is not null
)

select * from renamed
