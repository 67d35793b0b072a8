with source as (
    {{ current_rows('fm_files', 'workplaces') }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        {{ parse_amount('workplaces') }} as workplaces,
        {{ parse_amount('employees') }} as employees,
        {{ parse_date('trim(count_date)') }} as counted_date,
        delivery_id,
        row_no
    from source
)

select * from renamed
