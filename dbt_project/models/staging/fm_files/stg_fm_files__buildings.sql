with source as (
    {{ current_rows('fm_files', 'buildings') }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        lower({{ text_or_null('bbr_id') }}) as bbr_id,
        {{ cvr_number('owner_cvr') }} as owner_cvr,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('alternative_name') }} as alternative_name,
        {{ text_or_null('use') }} as fm_use,
        {{ fold_tenure('tenure') }} as tenure,
        {{ text_or_null('road') }} as road_name,
        {{ text_or_null('house_no') }} as house_no,
        {{ text_or_null('zip_code') }} as zip_code,
        {{ text_or_null('city') }} as city,
        {{ text_or_null('heating') }} as heating_name,
        upper({{ text_or_null('energy_label') }}) as energy_label,
        {{ safe_integer('built_year') }} as built_year,
        {{ safe_integer('rebuilt_year') }} as rebuilt_year,
        nullif({{ parse_amount('gross_area') }}, 0) as gross_area_m2,
        nullif({{ parse_amount('net_area') }}, 0) as net_area_m2,
        nullif({{ parse_amount('bda_area') }}, 0) as bda_m2,
        nullif({{ parse_amount('heated_area') }}, 0) as heated_m2,
        nullif({{ parse_amount('cleaning_area') }}, 0) as cleaned_m2,
        {{ yes_or_no('protected') }} as is_protected,
        {{ parse_date('trim(label_valid_to)') }} as label_valid_to_date,
        delivery_id,
        row_no
    from source
)

select * from renamed
