with source as (
    {{ current_rows('bbr', 'etage', key=['lower(trim(id_lokalid))']) }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as floor_id,
        lower({{ text_or_null('bygning') }}) as bbr_id,
        {{ text_or_null('status') }} as status_code,
        {{ safe_numeric('eta021arealafudnyttetdelaftagetage') }} as used_attic_m2,
        {{ safe_numeric('eta022kaelderareal') }} as basement_m2,
        delivery_id
    from source
    where {{ text_or_null('id_lokalid') }} is not null
)

select * from renamed
