with source as (
    {{ current_rows('fm_files', 'leases') }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('lease_no') }} as lease_no,
        {{ text_or_null('property_no') }} as property_no,
        {{ without_leading_zeros('building_no') }} as building_no,
        {{ fold_lease_role('role') }} as lease_role,
        nullif({{ parse_amount('area') }}, 0) as area_m2,
        {{ parse_amount('annual_rent') }} as annual_rent_dkk,
        {{ parse_amount('notice_months') }} as notice_months,
        {{ parse_date('trim(valid_from)') }} as valid_from_date,
        {{ open_end(parse_date('trim(valid_to)')) }} as valid_to_date,
        delivery_id,
        row_no
    from source
)

select * from renamed
