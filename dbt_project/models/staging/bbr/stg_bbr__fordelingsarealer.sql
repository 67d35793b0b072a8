with source as (
    {{ current_versions('bbr', 'fordelingsareal') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as shared_area_id,
        lower({{ text_or_null('bygning') }}) as bbr_id,
        {{ text_or_null('status') }} as status_code,
        {{ without_leading_zeros('for002fordelingsarealnummer') }} as shared_area_no,
        {{ text_or_null('for004fordelingsnoegle') }} as allocation_key_code,
        {{ safe_numeric('for003arealtilfordeling') }} as shared_area_m2,
        {{ safe_numeric('for006rest') }} as rest_m2,
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
