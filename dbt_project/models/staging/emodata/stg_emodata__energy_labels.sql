with source as (
    {{ current_rows('emodata', 'energy_labels', key=['label_no', 'bfe_no', without_leading_zeros('building_no')]) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('label_no') }} as label_no,
        coalesce({{ text_or_null('bfe_no') }}, '0') as bfe_no,
        {{ without_leading_zeros('property_no') }} as property_no,
        coalesce({{ without_leading_zeros('building_no') }}, '0') as building_no,
        {{ text_or_null('entity_identifier') }} as entity_id,
        upper({{ text_or_null('classification') }}) as label,
        upper({{ text_or_null('label_status_code') }}) as label_status_code,
        {{ text_or_null('type_usage') }} as usage_name,
        {{ text_or_null('bbr_use_code') }} as use_code,
        {{ text_or_null('heat_supply') }} as heat_supply_name,
        {{ text_or_null('street_name') }} as street_name,
        {{ text_or_null('house_number') }} as house_no,
        {{ text_or_null('zip_code') }} as postcode,
        {{ text_or_null('city_name') }} as city_name,
        {{ year_or_null('trim(year_of_construction)') }} as built_year,
        {{ emo_date('valid_from') }} as valid_from,
        {{ emo_date('valid_to') }} as valid_to,
        delivery_id
    from source
    where {{ text_or_null('label_no') }} is not null
)

select * from renamed
