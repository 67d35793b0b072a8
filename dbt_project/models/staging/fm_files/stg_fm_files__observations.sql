with source as (
    {{ current_rows('fm_files', 'observations') }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        upper({{ text_or_null('measure') }}) as measure_code,
        {{ parse_year('trim(year)') }} as year,
        {{ parse_amount('amount') }} as amount,
        delivery_id,
        row_no
    from source
)

select * from renamed
