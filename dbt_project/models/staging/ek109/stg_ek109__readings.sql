with source as (
    {{ current_rows('ek109', 'readings', key=['meter_no', 'energy_code', 'read_at', 'art_code', 'type_code']) }}
),

measured as (
    select
        *,
        {{ parse_amount('value') }} as amount,
        {{ energy_in_kwh(parse_amount('value'), 'unit') }} as amount_kwh,
        {{ volume_in_m3(parse_amount('value'), 'unit') }} as amount_m3,
        coalesce(is_zero_line = '1', false) as is_failed
    from source
),

renamed as (
    select
        delivery_id,
        row_no,
        municipality_code,
        {{ text_or_null('installation_no') }} as installation_no,
        {{ text_or_null('meter_no') }} as meter_no,
        {{ text_or_null('energy_code') }} as energy_code,
        {{ ek109_energy('energy_code') }} as carrier,
        {{ text_or_null('art_code') }} as art_code,
        lower({{ text_or_null('art_name') }}) as art_name,
        {{ text_or_null('type_code') }} as type_code,
        {{ ek109_kind('type_code') }} as reading_kind,
        {{ ek109_unit('unit') }} as unit,
        amount,
        case when type_code = '1' and not is_failed then amount_kwh end as counter_kwh,
        case when type_code = '1' and not is_failed then amount_m3 end as counter_m3,
        case when type_code = '2' and not is_failed then amount_kwh end as consumption_kwh,
        case when type_code = '2' and not is_failed then amount_m3 end as consumption_m3,
        case when type_code = '10' then amount end as factor,
        art_code in ('998', '999') as is_notice,
        is_failed,
        {{ local_time('read_at') }} as read_at,
        {{ local_time('valid_from') }} as valid_from_at
    from measured
)

select * from renamed
