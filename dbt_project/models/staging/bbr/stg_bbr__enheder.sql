with source as (
    {{ current_versions('bbr', 'enhed') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as unit_id,
        lower({{ text_or_null('bygning') }}) as bbr_id,
        lower({{ text_or_null('etage') }}) as floor_id,
        lower({{ text_or_null('opgang') }}) as entrance_id,
        lower({{ text_or_null('adresseidentificerer') }}) as address_id,
        {{ text_or_null('status') }} as status_code,
        {{ text_or_null('enh020enhedensanvendelse') }} as unit_use_code,
        {{ text_or_null('enh023boligtype') }} as dwelling_type_code,
        {{ text_or_null('enh030kildetilenhedensarealer') }} as area_source_code,
        {{ text_or_null('enh035energiforsyning') }} as energy_supply_code,
        {{ text_or_null('enh045udlejningsforhold') }} as rental_code,
        {{ text_or_null('enh046offentligstoette') }} as public_support_code,
        {{ text_or_null('enh051varmeinstallation') }} as heating_code,
        {{ text_or_null('enh052opvarmningsmiddel') }} as heating_fuel_code,
        {{ text_or_null('enh053supplerendevarme') }} as supplementary_heating_code,
        {{ safe_integer('enh031antalvaerelser') }} as rooms,
        {{ safe_integer('enh063antalvaerelsertilerhverv') }} as business_rooms,
        {{ safe_integer('enh065antalvandskylledetoiletter') }} as toilets,
        {{ safe_integer('enh066antalbadevaerelser') }} as bathrooms,
        {{ safe_numeric('enh026enhedenssamledeareal') }} as unit_area_m2,
        {{ safe_numeric('enh027arealtilbeboelse') }} as dwelling_area_m2,
        {{ safe_numeric('enh028arealtilerhverv') }} as business_area_m2,
        {{ safe_numeric('enh039andetareal') }} as other_area_m2,
        {{ safe_numeric('enh060enhedensandelfaellesadgangsareal') }} as shared_access_area_m2,
        {{ safe_numeric('enh127fysiskarealtilbeboelse') }} as physical_dwelling_area_m2,
        {{ safe_numeric('enh128fysiskarealtilerhverv') }} as physical_business_area_m2,
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
