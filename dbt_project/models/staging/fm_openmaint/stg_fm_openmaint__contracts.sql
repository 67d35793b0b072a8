with source as (
    {{ current_rows('fm_openmaint', 'contracts', key=['trim(contract_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('contract_id') }} as contract_id,
        {{ text_or_null('building_id') }} as openmaint_building_id,
        {{ text_or_null('code') }} as code,
        {{ text_or_null('type_code') }} as type_code,
        {{ safe_numeric('amount') }} as amount_dkk,
        {{ safe_numeric('yearly_rent') }} as yearly_rent_dkk,
        nullif({{ safe_numeric('area') }}, 0) as area_m2,
        {{ iso_date('valid_from') }} as valid_from_date,
        {{ iso_date('valid_to') }} as valid_to_date,
        {{ iso_date('begin_date') }} as changed_date,
        delivery_id
    from source
    where {{ text_or_null('contract_id') }} is not null
)

select * from renamed
