with source as (
    {{ current_versions('bbr', 'bbrsag') }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as case_id,
        {{ text_or_null('status') }} as status_code,
        {{ text_or_null('sag001byggesagsnummer') }} as case_no,
        {{ text_or_null('sag012byggesagskode') }} as case_code,
        {{ text_or_null('sag019bygherreforhold') }} as client_code,
        {{ safe_numeric('sag008faerdigtbygningsareal') }} as finished_area_m2,
        {{ safe_timestamp('sag002byggesagsdato') }} as opened_at,
        {{ safe_timestamp('sag003byggetilladelsesdato') }} as permitted_at,
        {{ safe_timestamp('sag005paabegyndelsesdato') }} as begun_at,
        {{ safe_timestamp('sag006ibrugtagningstilladelse') }} as use_permitted_at,
        {{ safe_timestamp('sag009forventetfuldfoertdato') }} as completion_expected_at,
        {{ safe_timestamp('sag010fuldfoerelseafbyggeri') }} as completed_at,
        {{ safe_timestamp('sag016delvisibrugtagningstilladelse') }} as partial_use_permitted_at,
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
