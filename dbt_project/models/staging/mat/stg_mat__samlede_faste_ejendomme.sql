with source as (
    {{ current_versions('mat', 'samletfastejendom') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as whole_property_id,
        {{ without_leading_zeros('bfenummer') }} as bfe_number,
        lower({{ text_or_null('status') }}) as status_name,
        {{ yes_or_no('erfaelleslod') }} as is_common_lot,
        {{ yes_or_no('hovedejendomopdeltiejerlejligh') }} as is_divided_in_condominiums,
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
