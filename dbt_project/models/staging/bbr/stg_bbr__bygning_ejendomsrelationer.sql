with source as (
    {{ current_versions('bbr', 'bygningejendomsrelation') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as building_relation_id,
        lower({{ text_or_null('bygning') }}) as bbr_id,
        lower({{ text_or_null('bygningpaafremmedgrund') }}) as property_relation_id,
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
