with source as (
    {{ current_rows('factors', 'degree_days', key=[
        'trim(source_name)', 'trim(vintage)', 'trim(area)', safe_year('year'), safe_integer('month'),
        yes_or_no('is_normal_year')
    ]) }}
),

renamed as (
    select
        municipality_code,
        trim(source_name) as source_name,
        trim(vintage) as vintage,
        trim(area) as area,
        {{ safe_year('year') }} as year,
        {{ safe_integer('month') }} as month,
        {{ parse_amount('degree_days') }} as degree_days,
        {{ yes_or_no('is_normal_year') }} as is_normal_year,
        delivery_id
    from source
)

select * from renamed
where year is not null and month between 0 and 12 and is_normal_year is not null
