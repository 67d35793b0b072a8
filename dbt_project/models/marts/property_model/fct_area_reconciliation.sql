-- Leased premises are compared with the lease, where there is one: BBR knows the whole building only.
with newest as (
    select municipality_code, max(year) as year from {{ ref('int_years__observed') }} group by municipality_code
),

compared as (
    select
        buildings.*,
        {{ last_of_year('newest.year') }} as as_of_date,
        case
            when buildings.tenure = 'leased' then coalesce(buildings.lease_area_m2, buildings.bbr_area_m2)
            else buildings.bbr_area_m2
        end as other_m2
    from {{ ref('int_buildings__classified') }} as buildings
    left join newest using (municipality_code)
),

differences as (
    select
        *,
        fm_area_m2 - other_m2 as difference_m2,
        round(100 * (fm_area_m2 - other_m2) / other_m2, 2) as difference_pct,
        abs(fm_area_m2 - building_area_m2) as without_m2,
        abs(fm_area_m2 - building_area_m2 - used_attic_m2) as with_attic_m2,
        abs(fm_area_m2 - building_area_m2 - basement_m2) as with_basement_m2
    from compared
)

select
    municipality_code,
    'property_model' as topic,
    0 as year,
    building_id,
    property_id,
    bbr_id,
    tenure,
    as_of_date,
    cast(fm_area_m2 as numeric) as fm_area_m2,
    cast(bbr_area_m2 as numeric) as bbr_area_m2,
    cast(lease_area_m2 as numeric) as lease_area_m2,
    cast(operating_area_m2 as numeric) as operating_area_m2,
    cast(difference_m2 as numeric) as difference_m2,
    cast(difference_pct as numeric) as difference_pct,
    case
        when stands_to <= as_of_date then 'gone'
        when fm_area_m2 is null and other_m2 is null then 'no_area'
        when fm_area_m2 is null then 'fm_missing'
        when other_m2 is null then 'bbr_missing'
        when abs(difference_m2) < 0.5 then 'equal'
        when abs(difference_pct) <= 5 then 'within_5_pct'
        when
            used_attic_m2 + basement_m2 > 0 and (tenure <> 'leased' or lease_area_m2 is null)
            and 100 * least(without_m2, with_attic_m2, with_basement_m2) <= building_area_m2
            then 'attic_or_basement'
        when tenure = 'leased' and lease_area_m2 is null and difference_m2 < 0 then 'leased_part'
        when let_area_m2 > 0 and abs(difference_m2 + let_area_m2) <= 0.05 * other_m2 then 'leased_part'
        else 'differs'
    end as reason
from differences
