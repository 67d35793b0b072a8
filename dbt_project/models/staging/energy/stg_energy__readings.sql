with source as (
    {{ current_rows('energy', 'readings') }}
),

renamed as (
    select
        delivery_id,
        row_no,
        municipality_code,
        {{ text_or_null('meter_no') }} as meter_no,
        {{ text_or_null('period') }} as period,
        lower({{ text_or_null('unit') }}) as unit,
        {{ safe_year('period') }} as year,
        {{ period_start('period') }} as period_start,
        length(trim(period)) = 4 as is_whole_year,
        {{ parse_amount('quantity') }} as quantity
    from source
)

select * from renamed
