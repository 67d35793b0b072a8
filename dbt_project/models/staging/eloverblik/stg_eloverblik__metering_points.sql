with source as (
    {{ current_rows('eloverblik', 'metering_points', key=['trim(metering_point_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('metering_point_id') }} as metering_point_id,
        {{ text_or_null('parent_metering_point_id') }} as parent_metering_point_id,
        upper({{ text_or_null('type_of_mp') }}) as metering_point_type_code,
        upper({{ text_or_null('sub_type_of_mp') }}) as metering_point_subtype_code,
        upper({{ text_or_null('settlement_method') }}) as settlement_method_code,
        upper({{ text_or_null('physical_status_of_mp') }}) as physical_status_code,
        {{ text_or_null('net_settlement_group') }} as net_settlement_group,
        upper({{ text_or_null('meter_reading_occurrence') }}) as reading_resolution,
        {{ text_or_null('meter_number') }} as meter_no,
        {{ text_or_null('consumer_cvr') }} as consumer_cvr,
        {{ text_or_null('street_code') }} as street_code,
        {{ text_or_null('street_name') }} as street_name,
        {{ text_or_null('building_number') }} as house_no,
        {{ text_or_null('postcode') }} as postcode,
        {{ text_or_null('city_name') }} as city_name,
        lpad({{ text_or_null('mp_municipality_code') }}, 4, '0') as located_municipality_code,
        lower({{ text_or_null('dar_reference') }}) as dar_id,
        {{ energy_in_kwh(safe_numeric('estimated_annual_volume'), "coalesce(energy_time_series_measure_unit, 'KWH')") }}
            as estimated_annual_kwh,
        parent_metering_point_id is not null as is_child,
        coalesce({{ safe_integer('child_count') }}, 0) > 0 as has_children,
        coalesce(lower(has_relation), 'true') <> 'false' as has_relation,
        delivery_id
    from source
    where {{ text_or_null('metering_point_id') }} is not null
)

select * from renamed
