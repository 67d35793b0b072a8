with source as (
    {{ current_rows('factors', 'emission_factors', key=[
        'trim(source_name)', 'trim(vintage)', 'lower(trim(carrier))', 'trim(area)', safe_year('year'),
        'trim(method)'
    ]) }}
),

renamed as (
    select
        municipality_code,
        trim(source_name) as source_name,
        trim(vintage) as vintage,
        lower(trim(carrier)) as carrier,
        trim(area) as area,
        {{ safe_year('year') }} as year,
        trim(method) as method,
        {{ parse_amount('kg_co2e_per_kwh') }} as kg_co2e_per_kwh,
        delivery_id
    from source
)

select * from renamed
where year is not null
