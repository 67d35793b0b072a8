-- What a unit was in a run of days: by the municipality's period of the building, else of its property, else by what
-- registers and FM systems say. Days in which the municipality does not have the unit are not here.
with runs as (
    select
        *,
        {{ days_between('starts_on', 'ends_on') }} as days,
        {{ days_between(first_of_year('year'), first_of_year('year + 1')) }} as days_in_year
    from {{ ref('int_unit_days__cut') }}
),

leases as (
    select
        runs.building_key, runs.starts_on,
        count(case when leases.lease_role = 'leased_in' then 1 end) as leases_in,
        count(case when leases.lease_role = 'leased_in' then leases.area_m2 end) as known_areas,
        sum(case when leases.lease_role = 'leased_in' then leases.area_m2 end) as lease_area_m2,
        sum(case when leases.lease_role = 'let_out' then leases.area_m2 end) as let_area_m2,
        max(leases.delivery_id) as lease_delivery_id
    from runs
    inner join {{ ref('int_leases__placed') }} as leases
        on
            runs.building_key = leases.building_id
            and {{ is_within('runs.starts_on', 'leases.valid_from', 'leases.valid_to') }}
    group by runs.building_key, runs.starts_on
),

units as (
    select
        property_id, building_id as building_key, base_use_category, base_tenure, bbr_area_m2, fm_area_m2,
        link_valid_from, link_valid_to, is_in_lease_list
    from {{ ref('int_buildings__classified') }}
    union all
    select
        property_id, '' as building_key, base_use_category, base_tenure, null as bbr_area_m2, null as fm_area_m2,
        null as link_valid_from, null as link_valid_to, 0 as is_in_lease_list
    from {{ ref('int_properties__classified') }}
),

-- Leased premises that are in the lease list are had while a lease runs. A property that was given up keeps its tenure:
-- what is still booked on it belongs somewhere.
described as (
    select
        runs.*,
        coalesce(own.use_category, whole.use_category, units.base_use_category) as use_category,
        case
            when runs.building_key = '' then coalesce(nullif(whole.tenure, 'none'), units.base_tenure)
            when coalesce(own.tenure, whole.tenure) is not null then coalesce(own.tenure, whole.tenure)
            when units.base_tenure = 'leased' and units.is_in_lease_list = 1 and coalesce(leases.leases_in, 0) = 0
                then 'none'
            else units.base_tenure
        end as tenure,
        own.area_m2 as period_area_m2,
        case when leases.leases_in = leases.known_areas then leases.lease_area_m2 end as lease_area_m2,
        case
            when {{ is_within('runs.starts_on', 'link_valid_from', 'link_valid_to') }} then units.bbr_area_m2
        end as bbr_area_m2,
        units.fm_area_m2,
        coalesce(leases.let_area_m2, 0) as let_area_m2,
        leases.lease_delivery_id
    from runs
    inner join units using (property_id, building_key)
    left join {{ ref('int_property_periods__placed') }} as whole
        on
            runs.property_id = whole.property_id and whole.building_key = ''
            and {{ is_within('runs.starts_on', 'whole.valid_from', 'whole.valid_to') }}
    left join {{ ref('int_property_periods__placed') }} as own
        on
            runs.building_key = own.building_key and own.building_key <> ''
            and {{ is_within('runs.starts_on', 'own.valid_from', 'own.valid_to') }}
    left join leases on runs.building_key = leases.building_key and runs.starts_on = leases.starts_on
)

select
    municipality_code, year, property_id, nullif(building_key, '') as building_id, starts_on, ends_on, days,
    days_in_year, use_category, tenure, let_area_m2, lease_delivery_id,
    coalesce(
        period_area_m2, case when tenure = 'leased' then lease_area_m2 else bbr_area_m2 end, fm_area_m2
    ) as area_m2
from described
where tenure <> 'none'
