with source as (
    {{ current_rows('bbr', 'bygning', key=['lower(trim(id_lokalid))']) }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as bbr_id,
        lower({{ text_or_null('grund') }}) as ground_id,
        lower({{ text_or_null('ejerlejlighed') }}) as condominium_id,
        {{ text_or_null('status') }} as status_code,
        {{ without_leading_zeros('byg007bygningsnummer') }} as building_no,
        {{ text_or_null('byg021bygningensanvendelse') }} as bbr_use_code,
        {{ safe_integer('byg026opfoerelsesaar') }} as built_year,
        {{ safe_numeric('byg038samletbygningsareal') }} as building_area_m2,
        delivery_id
    from source
    where {{ text_or_null('id_lokalid') }} is not null
)

select * from renamed
