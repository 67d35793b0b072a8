with source as (
    {{ current_rows('enrolment', 'children', key=['trim(institution_no)', 'trim(count_date)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('institution_no') }} as institution_no,
        {{ text_or_null('count_date') }} as counted_on,
        {{ text_or_null('institution_name') }} as name,
        {{ safe_year('count_date') }} as count_year,
        {{ parse_amount('children') }} as children,
        delivery_id
    from source
    where {{ text_or_null('institution_no') }} is not null and {{ text_or_null('count_date') }} is not null
)

select * from renamed
