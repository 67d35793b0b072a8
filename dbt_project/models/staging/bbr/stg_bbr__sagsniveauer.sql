with source as (
    {{ current_versions('bbr', 'sagsniveau') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as case_level_id,
        lower({{ text_or_null('byggesag') }}) as case_id,
        lower({{ text_or_null('stamdatabygning') }}) as bbr_id,
        lower({{ text_or_null('stamdataenhed') }}) as unit_id,
        lower({{ text_or_null('stamdataetage') }}) as floor_id,
        lower({{ text_or_null('stamdatagrund') }}) as ground_id,
        lower({{ text_or_null('stamdataopgang') }}) as entrance_id,
        lower({{ text_or_null('stamdatatekniskanlaeg') }}) as installation_id,
        lower({{ text_or_null('sagsdatabygning') }}) as case_copy_bbr_id,
        lower({{ text_or_null('sagsdataenhed') }}) as case_copy_unit_id,
        lower({{ text_or_null('sagsdataetage') }}) as case_copy_floor_id,
        lower({{ text_or_null('sagsdatagrund') }}) as case_copy_ground_id,
        lower({{ text_or_null('sagsdataopgang') }}) as case_copy_entrance_id,
        lower({{ text_or_null('sagsdatatekniskanlaeg') }}) as case_copy_installation_id,
        {{ text_or_null('status') }} as status_code,
        {{ text_or_null('niveautype') }} as level_type_code,
        {{ text_or_null('sagstype') }} as case_type_code,
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
