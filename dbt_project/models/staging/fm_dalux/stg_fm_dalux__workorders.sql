with source as (
    {{ current_rows('fm_dalux', 'workorders', key=['trim(work_order_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('work_order_id') }} as work_order_id,
        {{ text_or_null('number') }} as work_order_no,
        {{ text_or_null('template_id') }} as template_id,
        {{ text_or_null('team_id') }} as team_id,
        nullif({{ text_or_null('priority_id') }}, '0') as priority_id,
        -- 0 stands for no company.
        nullif({{ text_or_null('company_id') }}, '0') as company_id,
        {{ text_or_null('estate_ids') }} as estate_ids,
        {{ text_or_null('building_ids') }} as building_ids,
        {{ text_or_null('floor_ids') }} as floor_ids,
        {{ text_or_null('room_ids') }} as room_ids,
        {{ text_or_null('lot_ids') }} as lot_ids,
        {{ text_or_null('asset_ids') }} as asset_ids,
        {{ text_or_null('status') }} as status_code,
        {{ text_or_null('type') }} as work_type,
        {{ text_or_null('work_category') }} as work_category,
        {{ text_or_null('account_no') }} as account_no,
        {{ text_or_null('cost_centre') }} as cost_centre,
        {{ text_or_null('ean_no') }} as ean_no,
        -- 0.0 stands for a cost nobody has entered.
        nullif({{ safe_numeric('expected_cost') }}, 0) as expected_cost_dkk,
        nullif({{ safe_numeric('actual_cost') }}, 0) as actual_cost_dkk,
        {{ safe_numeric('hours_registered') }} as hours_registered_h,
        {{ safe_integer('duration_days') }} as duration_days,
        {{ yes_or_no('is_statutory') }} as is_statutory,
        {{ yes_or_no('has_warranty') }} as has_warranty,
        {{ yes_or_no('is_economy_closed') }} as is_economy_closed,
        {{ iso_date('created_date') }} as created_date,
        {{ iso_date('start_date') }} as start_date,
        {{ iso_date('expected_execution_date') }} as expected_execution_date,
        {{ iso_date('deadline_date') }} as deadline_date,
        {{ iso_date('closed_date') }} as closed_date,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('work_order_id') }} is not null
)

select * from renamed
