with source as (
    {{ current_versions('dar', 'husnummer') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as house_number_id,
        lower({{ text_or_null('adgangtilbygning') }}) as bbr_id,
        lower({{ text_or_null('adgangtiltekniskanlaeg') }}) as installation_id,
        lower({{ text_or_null('geodanmarkbygning') }}) as geodanmark_building_id,
        lower({{ text_or_null('jordstykke') }}) as parcel_id,
        lower({{ text_or_null('kommuneinddeling') }}) as dagi_municipality_id,
        lower({{ text_or_null('navngivenvej') }}) as road_id,
        lower({{ text_or_null('postnummer') }}) as postal_district_id,
        {{ text_or_null('status') }} as status_code,
        {{ text_or_null('husnummertekst') }} as house_number,
        {{ text_or_null('adgangsadressebetegnelse') }} as address_text,
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
