with source as (
    {{ current_rows('fm_openmaint', 'budget_items', key=['trim(budget_item_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('budget_item_id') }} as budget_item_id,
        {{ text_or_null('building_id') }} as openmaint_building_id,
        {{ text_or_null('code') }} as code,
        {{ text_or_null('type_code') }} as type_code,
        {{ text_or_null('type_name') }} as type_name,
        {{ text_or_null('account') }} as account,
        {{ text_or_null('cost_centre') }} as cost_centre,
        {{ safe_numeric('amount') }} as amount_dkk,
        {{ safe_year('year') }} as year,
        {{ iso_date('begin_date') }} as changed_date,
        delivery_id
    from source
    where {{ text_or_null('budget_item_id') }} is not null
)

select * from renamed
