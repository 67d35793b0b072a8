with source as (
    {{ current_rows('fm_files', 'work_orders', key=['trim(order_no)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('order_no') }} as order_no,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        {{ text_or_null('account') }} as account,
        {{ text_or_null('cost_centre') }} as cost_centre,
        {{ text_or_null('status') }} as status,
        {{ text_or_null('order_type') }} as order_type,
        {{ text_or_null('priority') }} as priority,
        {{ parse_amount('expected_cost') }} as expected_cost_dkk,
        {{ parse_amount('actual_cost') }} as actual_cost_dkk,
        {{ parse_date('trim(created)') }} as created_date,
        {{ parse_date('trim(closed)') }} as closed_date,
        {{ parse_date('trim(deadline)') }} as deadline_date,
        delivery_id
    from source
    where {{ text_or_null('order_no') }} is not null
)

select * from renamed
