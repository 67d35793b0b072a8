with source as (
    {{ current_rows('fm_dalux', 'companies', key=['trim(company_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('company_id') }} as company_id,
        {{ text_or_null('organisation_no') }} as cvr_number,
        {{ text_or_null('disciplines') }} as disciplines,
        {{ text_or_null('company_types') }} as company_types,
        {{ yes_or_no('is_active') }} as is_active,
        delivery_id
    from source
    where {{ text_or_null('company_id') }} is not null
)

select * from renamed
