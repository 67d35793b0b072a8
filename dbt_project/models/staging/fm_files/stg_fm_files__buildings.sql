with source as (
    {{ current_rows('fm_files', 'buildings') }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        lower({{ text_or_null('bbr_id') }}) as bbr_id,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('use') }} as fm_use,
        {{ fold_tenure('tenure') }} as tenure,
        {{ safe_integer('built_year') }} as built_year,
        nullif({{ parse_amount('gross_area') }}, 0) as gross_area_m2,
        nullif({{ parse_amount('heated_area') }}, 0) as heated_m2,
        nullif({{ parse_amount('cleaning_area') }}, 0) as cleaned_m2,
        delivery_id,
        row_no
    from source
)

select * from renamed
