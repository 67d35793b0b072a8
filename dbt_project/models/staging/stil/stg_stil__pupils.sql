with source as (
    {{ current_rows('stil', 'pupils', key=['trim(institution_no)', 'trim(school_year)']) }}
),

renamed as (
    select
        municipality_code,
        trim(institution_no) as institution_no,
        trim(school_year) as school_year,
        {{ text_or_null('institution_name') }} as name,
        {{ text_or_null('municipality_name') }} as municipality_name,
        {{ year_or_null('trim(school_year)') }} as start_year,
        {{ parse_danish_number('pupils') }} as pupils,
        delivery_id
    from source
)

select * from renamed
