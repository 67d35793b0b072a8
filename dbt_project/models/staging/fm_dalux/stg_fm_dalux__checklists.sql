with source as (
    {{ current_rows('fm_dalux', 'checklists', key=['trim(checklist_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('checklist_id') }} as checklist_id,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('checklist_id') }} is not null
)

select * from renamed
