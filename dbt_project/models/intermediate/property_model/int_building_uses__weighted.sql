-- The days of a year that a building was used and held in one way, as a share of the year. What is let out of it is a
-- part of its area, and so that part of its days. area_days is exact; it is null where the area of some day is unknown.
with let as (
    select
        *,
        case
            when tenure = 'let_out' then 0
            when let_area_m2 > area_m2 then area_m2
            else let_area_m2
        end as let_m2
    from {{ ref('int_unit_days__described') }}
    where building_id is not null
),

halves as (
    select *, case when let_m2 > 0 and area_m2 > 0 then let_m2 / area_m2 else 0 end as let_share
    from let
),

parts as (
    select
        municipality_code, year, property_id, building_id, use_category, tenure, days, days_in_year, lease_delivery_id,
        area_m2 - let_m2 as part_m2, 1 - let_share as part_share
    from halves
    where let_share < 1
    union all
    select
        municipality_code, year, property_id, building_id, use_category, 'let_out' as tenure, days, days_in_year,
        lease_delivery_id, let_m2 as part_m2, let_share as part_share
    from halves
    where let_m2 > 0
),

weighted as (
    select
        municipality_code,
        year,
        property_id,
        building_id,
        use_category,
        tenure,
        sum(days * part_share) / max(days_in_year) as day_share,
        sum(days * part_share) as days,
        case when count(part_m2) = count(*) then sum(part_m2 * days) end as area_days,
        case when count(part_m2) = count(*) then sum(part_m2 * days) / max(days_in_year) end as area_m2,
        max(lease_delivery_id) as lease_delivery_id
    from parts
    group by municipality_code, year, property_id, building_id, use_category, tenure
)

select * from weighted
