with source as (
    {{ current_rows('bbr', 'ejendomsrelation', key=['lower(trim(id_lokalid))']) }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as property_relation_id,
        {{ without_leading_zeros('bfenummer') }} as bfe_number,
        {{ text_or_null('status') }} as status_code,
        {{ text_or_null('ejendommensejerforholdskode') }} as ownership_code,
        {{ text_or_null('ejendomstype') }} as property_type_code,
        delivery_id
    from source
    where {{ text_or_null('id_lokalid') }} is not null
)

select * from renamed
