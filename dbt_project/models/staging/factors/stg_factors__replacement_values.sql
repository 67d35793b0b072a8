with source as (
    {{ current_rows('factors', 'replacement_values', key=[
        'trim(source_name)', 'trim(vintage)', 'lower(trim(use_category))', safe_year('price_year')
    ]) }}
),

renamed as (
    select
        municipality_code,
        trim(source_name) as source_name,
        trim(vintage) as vintage,
        lower(trim(use_category)) as use_category,
        {{ safe_year('price_year') }} as price_year,
        {{ parse_amount('dkk_per_m2') }} as dkk_per_m2,
        delivery_id
    from source
)

select * from renamed
where price_year is not null
