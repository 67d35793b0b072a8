with source as (
    {{ current_versions('dar', 'adresse') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as address_id,
        lower({{ text_or_null('husnummer') }}) as house_number_id,
        lower({{ text_or_null('bygning') }}) as bbr_id,
        {{ text_or_null('status') }} as status_code,
        {{ text_or_null('etagebetegnelse') }} as floor_name,
        {{ text_or_null('doerbetegnelse') }} as door_name,
        {{ text_or_null('adressebetegnelse') }} as address_text,
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
