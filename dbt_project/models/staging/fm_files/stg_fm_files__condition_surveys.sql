with source as (
    {{ current_rows('fm_files', 'condition_surveys') }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        {{ text_or_null('part_code') }} as part_code,
        {{ text_or_null('part_classification') }} as part_classification,
        {{ text_or_null('condition_grade') }} as condition_grade,
        {{ text_or_null('condition_scale') }} as condition_scale,
        {{ text_or_null('consequence') }} as consequence,
        {{ text_or_null('priority') }} as priority,
        {{ text_or_null('unit') }} as unit,
        {{ common_condition_grade('condition_grade', 'condition_scale') }} as common_condition_grade,
        {{ parse_amount('remaining_life_years') }} as remaining_life_years,
        {{ parse_amount('interval_years') }} as interval_years,
        {{ parse_year('trim(due_year)') }} as due_year,
        {{ parse_amount('quantity') }} as quantity,
        {{ parse_amount('amount') }} as amount_dkk,
        {{ parse_date('trim(surveyed)') }} as surveyed_date,
        delivery_id,
        row_no
    from source
)

select * from renamed
