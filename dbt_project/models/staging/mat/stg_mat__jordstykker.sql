with source as (
    {{ current_versions('mat', 'jordstykke') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as parcel_id,
        lower({{ text_or_null('ejerlavlokalid') }}) as cadastral_district_id,
        lower({{ text_or_null('kommunelokalid') }}) as cadastral_municipality_id,
        {{ without_leading_zeros('samletfastejendomlokalid') }} as bfe_number,
        lower({{ text_or_null('status') }}) as status_name,
        {{ text_or_null('matrikelnummer') }} as parcel_no,
        {{ safe_numeric('registreretareal') }} as registered_area_m2,
        {{ safe_numeric('vejareal') }} as road_area_m2,
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
