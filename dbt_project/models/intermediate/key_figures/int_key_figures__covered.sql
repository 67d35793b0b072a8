with profiles as (
    select distinct profile_no, unit, use_category, tenure, building_mask, property_mask
    from {{ ref('int_key_figure_masks__combined') }}
),

checked as (
    select
        units.municipality_code, units.year, units.unit, units.group_no, units.use_category, units.units, units.area_m2,
        profiles.profile_no,
        profiles.building_mask - (profiles.building_mask & units.building_bits) as lacks_of_building,
        profiles.property_mask - (profiles.property_mask & units.property_bits) as lacks_of_property
    from {{ ref('int_units__grouped') }} as units
    inner join profiles using (unit, use_category, tenure)
),

-- A property counts once however many kinds of buildings it has, and is covered when one of them is.
by_group as (
    select
        municipality_code, year, profile_no, unit, group_no,
        coalesce(use_category, '') as use_category,
        max(units) as units,
        max(case when lacks_of_building = 0 and lacks_of_property = 0 then units else 0 end) as covered_units,
        sum(area_m2) as area_m2,
        sum(case when lacks_of_building = 0 and lacks_of_property = 0 then area_m2 else 0 end) as covered_m2,
        bit_or(lacks_of_building) as lacks_of_building,
        bit_or(lacks_of_property) as lacks_of_property
    from checked
    group by grouping sets (
        (municipality_code, year, profile_no, unit, group_no),
        (municipality_code, year, profile_no, unit, group_no, use_category)
    )
)

select
    municipality_code,
    year,
    case when use_category = '' then 'municipality' else 'use_category' end as level,
    use_category,
    profile_no,
    sum(units) as units_in_scope,
    sum(covered_units) as units_with_input,
    sum(area_m2) as area_in_scope_m2,
    sum(covered_m2) as area_with_input_m2,
    case
        when unit = 'building' then 100.0 * sum(covered_units) / sum(units)
        when sum(area_m2) > 0 then 100.0 * sum(covered_m2) / sum(area_m2)
    end as coverage_pct,
    bit_or(lacks_of_building) as lacks_of_building,
    bit_or(lacks_of_property) as lacks_of_property
from by_group
group by municipality_code, year, use_category, profile_no, unit
