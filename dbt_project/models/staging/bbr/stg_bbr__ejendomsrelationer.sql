with source as (
    {{ current_versions('bbr', 'ejendomsrelation') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as property_relation_id,
        lower({{ text_or_null('samletfastejendom') }}) as whole_property_id,
        lower({{ text_or_null('bygningpaafremmedgrund') }}) as foreign_ground_building_id,
        lower({{ text_or_null('ejerlejlighed') }}) as condominium_id,
        {{ without_leading_zeros('bfenummer') }} as bfe_number,
        {{ without_leading_zeros('ejendomsnummer') }} as esr_number,
        {{ without_leading_zeros('vurderingsejendomsnummer') }} as valuation_property_no,
        {{ without_leading_zeros('ejerlejlighedsnummer') }} as condominium_no,
        {{ text_or_null('status') }} as status_code,
        {{ text_or_null('ejendommensejerforholdskode') }} as ownership_code,
        {{ text_or_null('ejendomstype') }} as property_type_code,
        {{ safe_numeric('tinglystareal') }} as registered_area_m2,
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
