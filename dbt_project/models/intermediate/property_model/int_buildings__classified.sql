-- A building counts with its property, for cost and users are known per property and both parts of a ratio must cover
-- the same; only the municipality's own period says otherwise. Its tenure is its own where something says so: part of a
-- property can be leased or let. The columns that begin with base_ are what holds on days without a period.
with leases as (
    select
        municipality_code,
        building_id,
        sum(case when lease_role = 'leased_in' and is_current then area_m2 end) as lease_area_m2,
        sum(case when lease_role = 'let_out' and is_current then area_m2 end) as let_area_m2,
        max(case when lease_role = 'leased_in' then 1 else 0 end) as is_in_lease_list
    from {{ ref('int_leases__placed') }}
    group by municipality_code, building_id
),

classified as (
    select
        linked.*,
        properties.base_use_category,
        coalesce(linked.tenure, properties.base_tenure) as base_tenure,
        coalesce(periods.use_category, properties.use_category) as current_use_category,
        coalesce(periods.tenure, properties.period_tenure, linked.tenure, properties.base_tenure) as current_tenure,
        case when periods.use_category is not null then 'period' else properties.use_source end as use_source,
        case
            when coalesce(periods.tenure, properties.period_tenure) is not null then 'period'
            else coalesce(linked.tenure_source, properties.base_tenure_source)
        end as current_tenure_source,
        periods.area_m2 as period_area_m2,
        leases.lease_area_m2,
        leases.let_area_m2,
        coalesce(leases.is_in_lease_list, 0) as is_in_lease_list
    from {{ ref('int_buildings__linked') }} as linked
    inner join {{ ref('int_properties__classified') }} as properties using (municipality_code, property_id)
    left join leases
        on linked.municipality_code = leases.municipality_code and linked.building_id = leases.building_id
    left join {{ ref('int_property_periods__placed') }} as periods
        on
            linked.municipality_code = periods.municipality_code
            and linked.building_id = periods.building_key
            and periods.valid_to is null
)

-- Owned and let out: BBR, else the FM system. Leased: what the lease, else the FM system, says is rented, never the
-- whole building.
select
    municipality_code, building_id, property_id, property_no, bbr_id, building_no, name, bbr_use_code,
    current_use_category as use_category, current_tenure as tenure, use_source, current_tenure_source as tenure_source,
    base_use_category, base_tenure, built_year,
    {{ first_of_year('built_year') }} as stands_from,
    gone_on as stands_to,
    building_area_m2, used_attic_m2, basement_m2, bbr_area_m2, fm_area_m2, lease_area_m2, let_area_m2, is_in_lease_list,
    heated_m2, cleaned_m2, address, zip_code, energy_label, label_valid_to_date, is_protected, heating_code,
    bbr_bfe_number, bbr_building_no, link_method, link_confidence, link_valid_from, link_valid_to,
    fm_delivery_id, bbr_delivery_id,
    case
        when period_area_m2 is not null then period_area_m2
        when current_tenure = 'leased' then coalesce(lease_area_m2, fm_area_m2)
        else coalesce(bbr_area_m2, fm_area_m2)
    end as operating_area_m2,
    case
        when period_area_m2 is not null then 'period'
        when current_tenure = 'leased' and lease_area_m2 is not null then 'lease'
        when current_tenure <> 'leased' and bbr_area_m2 is not null then 'bbr'
        when fm_area_m2 is not null then 'fm'
        else 'unknown'
    end as area_source
from classified
