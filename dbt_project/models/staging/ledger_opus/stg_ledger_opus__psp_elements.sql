with source as (
    {{ current_rows('ledger_opus', 'psp_elements', key=['trim(psp_element)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('psp_element') }} as psp_element,
        {{ text_or_null('property_no') }} as property_no,
        {{ text_or_null('name') }} as name,
        {{ function_code('function') }} as function_code,
        {{ text_or_null('dranst') }} as dranst,
        {{ text_or_null('ownership') }} as ownership_code,
        {{ text_or_null('grouping') }} as grouping_code,
        delivery_id
    from source
    where {{ text_or_null('psp_element') }} is not null
)

select * from renamed
