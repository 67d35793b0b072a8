with source as (
    {{ current_versions('bbr', 'opgang') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as entrance_id,
        lower({{ text_or_null('bygning') }}) as bbr_id,
        lower({{ text_or_null('adgangfrahusnummer') }}) as house_number_id,
        {{ text_or_null('status') }} as status_code,
        {{ text_or_null('opg020elevator') }} as elevator_code,
        {{ text_or_null('opg021husnummerfunktion') }} as house_number_function_code,
        {{ safe_timestamp('registreringfra') }} as registered_from,
        {{ safe_timestamp('virkningfra') }} as in_effect_from,
        {{ safe_timestamp('datafordeleropdateringstid') }} as updated_at,
        lower({{ text_or_null('datafordelerrowid') }}) as register_row_id,
        {{ safe_integer('datafordelerrowversion') }} as register_row_version,
        delivery_id
    from source
    where {{ text_or_null('id_lokalid') }} is not null
)

select * from renamed
