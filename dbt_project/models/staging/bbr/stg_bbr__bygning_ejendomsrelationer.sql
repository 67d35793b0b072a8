with source as (
    {{ current_rows('bbr', 'bygningejendomsrelation', key=['lower(trim(id_lokalid))']) }}
),

renamed as (
    select
        municipality_code,
        lower({{ text_or_null('id_lokalid') }}) as building_relation_id,
        lower({{ text_or_null('bygning') }}) as bbr_id,
        lower({{ text_or_null('bygningpaafremmedgrund') }}) as property_relation_id,
        {{ text_or_null('status') }} as status_code,
        delivery_id
    from source
    where {{ text_or_null('id_lokalid') }} is not null
)

select * from renamed
