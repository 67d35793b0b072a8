-- A lease counts for the building it names. One that names none, or none that is known, is spread over the buildings of
-- its property that it can be about, by area.
with buildings as (
    select
        linked.municipality_code,
        linked.property_id,
        linked.building_id,
        linked.building_no,
        coalesce(linked.tenure, properties.tenure) as tenure,
        coalesce(linked.bbr_area_m2, linked.fm_area_m2) as area_m2
    from {{ ref('int_buildings__linked') }} as linked
    inner join {{ ref('int_properties__classified') }} as properties using (municipality_code, property_id)
),

newest as (
    select municipality_code, {{ first_of_year('max(year) + 1') }} as day_after
    from {{ ref('int_years__observed') }}
    group by municipality_code
),

candidates as (
    select
        leases.*,
        properties.property_id,
        buildings.building_id,
        buildings.tenure,
        coalesce(buildings.building_no = leases.building_no, false) as is_named,
        max(case when buildings.building_no = leases.building_no then 1 else 0 end) over (
            partition by leases.delivery_id, leases.row_no
        ) as named,
        buildings.area_m2 as building_m2
    from {{ ref('stg_fm_files__leases') }} as leases
    inner join {{ ref('int_properties__unioned') }} as properties using (municipality_code, property_no)
    inner join buildings
        on leases.municipality_code = buildings.municipality_code and properties.property_id = buildings.property_id
    where leases.lease_role is not null
),

leases as (
    select * from candidates
    where is_named or (named = 0 and (tenure = 'leased') = (lease_role = 'leased_in') and tenure <> 'let_out')
),

weighted as (
    select
        *,
        coalesce(building_m2, avg(building_m2) over (partition by delivery_id, row_no), 1) as weight
    from leases
),

-- Parts end where a running sum does: whatever is rounded, they sum to the lease.
running as (
    select
        *,
        sum(weight) over (partition by delivery_id, row_no) as total,
        sum(weight) over (partition by delivery_id, row_no order by building_id) as part_end
    from weighted
)

select
    running.municipality_code,
    running.property_id,
    running.building_id,
    running.lease_no,
    running.lease_role,
    round(running.area_m2 * running.part_end / running.total, 6)
    - round(running.area_m2 * (running.part_end - running.weight) / running.total, 6) as area_m2,
    running.valid_from_date as valid_from,
    {{ day_after('running.valid_to_date') }} as valid_to,
    coalesce(running.valid_from_date < newest.day_after, true)
    and coalesce({{ day_after('running.valid_to_date') }} >= newest.day_after, true) as is_current,
    running.delivery_id
from running
left join newest using (municipality_code)
