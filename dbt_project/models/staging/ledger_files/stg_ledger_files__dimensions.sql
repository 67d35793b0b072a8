with source as (
    {{ current_rows('ledger_files', 'dimensions', key=['trim(dimension)', 'trim(code)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('dimension') }} as dimension,
        {{ text_or_null('code') }} as code,
        {{ text_or_null('property_no') }} as property_no,
        {{ text_or_null('name') }} as name,
        {{ function_code('function') }} as function_code,
        {{ text_or_null('dranst') }} as dranst,
        {{ text_or_null('ownership') }} as ownership_code,
        {{ code_of('grouping', 3) }} as grouping_code,
        delivery_id
    from source
    where {{ text_or_null('dimension') }} is not null and {{ text_or_null('code') }} is not null
)

select * from renamed
