with source as (
    {{ current_rows('stil', 'institutions', key=['trim(institution_no)']) }}
),

renamed as (
    select
        municipality_code,
        trim(institution_no) as institution_no,
        {{ text_or_null('main_institution_no') }} as main_institution_no,
        {{ text_or_null('institution_type_no') }} as institution_type_code,
        {{ text_or_null('institution_type_name') }} as institution_type_name,
        {{ text_or_null('institution_name') }} as name,
        {{ text_or_null('unit_kind') }} as unit_kind,
        {{ text_or_null('address') }} as address,
        {{ text_or_null('zip_code') }} as zip_code,
        -- One genitive only: Assens, Horsens and Randers end in the s of their name.
        case
            when trim(municipality_name) = 'Københavns Kommune' then 'København'
            else {{ text_or_null("replace(municipality_name, ' Kommune', '')") }}
        end as municipality_name,
        {{ parse_statbank_value('latitude') }} as latitude,
        {{ parse_statbank_value('longitude') }} as longitude,
        delivery_id
    from source
)

select * from renamed
