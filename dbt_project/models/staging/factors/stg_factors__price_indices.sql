with source as (
    {{ current_rows('factors', 'price_index', key=[
        'trim(source_name)', 'trim(vintage)', 'trim(art_group)', safe_year('year_from'), safe_year('year_to')
    ]) }}
),

renamed as (
    select
        municipality_code,
        trim(source_name) as source_name,
        trim(vintage) as vintage,
        trim(art_group) as art_group,
        {{ safe_year('year_from') }} as year_from,
        {{ safe_year('year_to') }} as year_to,
        {{ parse_amount('pct') }} as change_pct,
        delivery_id
    from source
)

select * from renamed
where year_from is not null and year_to is not null
