with register as (
    select * from {{ source('register', 'key_figures') }}
),

checked as (
    select
        units.municipality_code, units.year, masks.key_figure_code, masks.version, masks.denominator_part, masks.unit,
        units.signature, units.use_category, units.units, units.area_m2,
        masks.building_mask - (masks.building_mask & units.building_bits) as lacks_of_building,
        masks.property_mask - (masks.property_mask & units.property_bits) as lacks_of_property
    from {{ ref('int_units__grouped') }} as units
    inner join {{ ref('int_key_figure_masks__combined') }} as masks using (unit, use_category, tenure)
    inner join register
        on
            masks.key_figure_code = register.key_figure_code and masks.version = register.version
            and units.year between register.valid_from and coalesce(register.valid_to, 9999)
),

-- A property counts once however many kinds of buildings it has, and is covered when one of them is.
by_signature as (
    select
        municipality_code, year, key_figure_code, version, denominator_part, unit, signature,
        coalesce(use_category, '') as use_category,
        max(units) as units,
        max(case when lacks_of_building = 0 and lacks_of_property = 0 then units else 0 end) as covered_units,
        sum(area_m2) as area_m2,
        sum(case when lacks_of_building = 0 and lacks_of_property = 0 then area_m2 else 0 end) as covered_m2,
        bit_or(lacks_of_building) as lacks_of_building,
        bit_or(lacks_of_property) as lacks_of_property
    from checked
    group by grouping sets (
        (municipality_code, year, key_figure_code, version, denominator_part, unit, signature),
        (municipality_code, year, key_figure_code, version, denominator_part, unit, signature, use_category)
    )
)

select
    municipality_code,
    year,
    case when use_category = '' then 'municipality' else 'use_category' end as level,
    use_category,
    key_figure_code,
    version,
    denominator_part,
    unit,
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
from by_signature
group by municipality_code, year, use_category, key_figure_code, version, denominator_part, unit
