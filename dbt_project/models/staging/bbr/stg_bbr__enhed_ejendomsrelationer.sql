with source as (
    {{ current_versions('bbr', 'enhedejendomsrelation') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as unit_relation_id,
        lower({{ text_or_null('enhed') }}) as unit_id,
        lower({{ text_or_null('ejerlejlighed') }}) as property_relation_id,
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
