with source as (
    {{ current_rows('statbank', 'folk1a', key=['omraade', 'koen', 'alder', 'civilstand', 'tid']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('omraade') }} as area_code,
        coalesce(lower({{ text_or_null('koen') }}), 'tot') as sex_code,
        coalesce(lower({{ text_or_null('alder') }}), 'tot') as age_code,
        coalesce(lower({{ text_or_null('civilstand') }}), 'tot') as marital_status_code,
        {{ statbank_area_level('omraade') }} as area_level,
        upper({{ text_or_null('tid') }}) as quarter,
        {{ safe_integer('indhold') }} as inhabitants,
        delivery_id
    from source
    where {{ text_or_null('tid') }} is not null
)

select * from renamed
