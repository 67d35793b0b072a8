with source as (
    {{ current_versions('bbr', 'etage') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as floor_id,
        lower({{ text_or_null('bygning') }}) as bbr_id,
        {{ text_or_null('status') }} as status_code,
        {{ text_or_null('eta006bygningensetagebetegnelse') }} as floor_name,
        {{ text_or_null('eta025etagetype') }} as floor_type_code,
        {{ safe_numeric('eta020samletarealafetage') }} as floor_area_m2,
        {{ safe_numeric('eta021arealafudnyttetdelaftagetage') }} as used_attic_m2,
        {{ safe_numeric('eta022kaelderareal') }} as basement_m2,
        {{ safe_numeric('eta023arealaflovligbeboelseikaelder') }} as dwelling_basement_m2,
        {{ safe_numeric('eta024etagensadgangsareal') }} as access_area_m2,
        {{ safe_numeric('eta026erhvervikaelder') }} as business_basement_m2,
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
