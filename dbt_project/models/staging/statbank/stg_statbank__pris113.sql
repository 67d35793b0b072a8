with source as (
    {{ current_rows('statbank', 'pris113', key=['upper(trim(type))', 'upper(trim(tid))']) }}
),

renamed as (
    select
        municipality_code,
        upper(trim(type)) as index_type_code,
        upper(trim(tid)) as month_code,
        {{ safe_year('tid') }} as year,
        {{ safe_integer('substr(trim(tid), 6, 2)') }} as month,
        {{ parse_statbank_value('indhold') }} as price_index,
        delivery_id
    from source
)

select * from renamed
