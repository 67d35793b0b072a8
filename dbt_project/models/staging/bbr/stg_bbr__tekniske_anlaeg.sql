with source as (
    {{ current_versions('bbr', 'tekniskanlaeg') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as installation_id,
        lower({{ text_or_null('bygning') }}) as bbr_id,
        lower({{ text_or_null('enhed') }}) as unit_id,
        lower({{ text_or_null('grund') }}) as ground_id,
        lower({{ text_or_null('husnummer') }}) as house_number_id,
        lower({{ text_or_null('jordstykke') }}) as parcel_id,
        lower({{ text_or_null('bygningpaafremmedgrund') }}) as foreign_ground_relation_id,
        lower({{ text_or_null('ejerlejlighed') }}) as condominium_id,
        {{ text_or_null('status') }} as status_code,
        {{ without_leading_zeros('tek007anlaegsnummer') }} as installation_no,
        {{ text_or_null('tek020klassifikation') }} as class_code,
        {{ text_or_null('tek026stoerrelsesklasseolietank') }} as oil_tank_size_code,
        {{ text_or_null('tek027placering') }} as placing_code,
        {{ text_or_null('tek028sloejfningolietank') }} as oil_tank_closure_code,
        {{ text_or_null('tek034indholdolietank') }} as oil_tank_content_code,
        {{ text_or_null('tek110driftstatus') }} as operating_status_code,
        {{ safe_integer('tek024etableringsaar') }} as established_year,
        {{ safe_integer('tek025tilombygningsaar') }} as rebuilt_year,
        {{ safe_integer('tek067fabrikationsaar') }} as made_year,
        {{ safe_integer('tek072sloejfningsaar') }} as closed_year,
        {{ safe_numeric('tek032stoerrelse') }} as size_as_registered,
        {{ safe_numeric('tek036rumfang') }} as volume_as_registered,
        {{ safe_numeric('tek037areal') }} as area_m2,
        {{ safe_numeric('tek038hoejde') }} as height_m,
        {{ safe_numeric('tek039effekt') }} as power_as_registered,
        {{ point_axis('tek109koordinat', 1) }} as easting_m,
        {{ point_axis('tek109koordinat', 2) }} as northing_m,
        {{ safe_timestamp('tek035sloejfningsfristolietank') }} as oil_tank_deadline_at,
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
