with source as (
    {{ current_versions('bbr', 'grundjordstykke') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as ground_parcel_id,
        lower({{ text_or_null('grund') }}) as ground_id,
        lower({{ text_or_null('jordstykke') }}) as parcel_id,
        {{ text_or_null('status') }} as status_code,
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
