with checks as (
    select * from {{ ref('int_key_figure_units__checked') }}
),

buildings as (
    select
        municipality_code, year, key_figure_code, version, property_id, building_id,
        coalesce(max(area_m2), 0) as area_m2,
        min(case when is_present then 1 else 0 end) as is_covered,
        min(case when kind = 'area' then 1 else 0 end) as needs_areas_only
    from checks
    group by municipality_code, year, key_figure_code, version, property_id, building_id
),

-- A figure of areas alone counts buildings: an unknown area has no weight to be missed by.
summed as (
    select
        municipality_code, year, key_figure_code, version,
        min(needs_areas_only) as needs_areas_only,
        count(*) as buildings,
        sum(is_covered) as covered_buildings,
        count(distinct property_id) as properties,
        count(distinct case when is_covered = 1 then property_id end) as covered_properties,
        sum(area_m2) as area_m2,
        sum(case when is_covered = 1 then area_m2 else 0 end) as covered_m2
    from buildings
    group by municipality_code, year, key_figure_code, version
),

missing as (
    select
        municipality_code, year, key_figure_code, version,
        {{ list_of('need_code', order='need_code') }} as missing_measures
    from (
        select distinct municipality_code, year, key_figure_code, version, need_code from checks where not is_present
    ) as lacking
    group by municipality_code, year, key_figure_code, version
)

select
    figures.municipality_code,
    register.topic,
    figures.year,
    figures.key_figure_code,
    figures.version,
    cast(coalesce(case when needs_areas_only = 1 then buildings else properties end, 0) as integer) as units_in_scope,
    cast(coalesce(case when needs_areas_only = 1 then covered_buildings else covered_properties end, 0) as integer)
        as units_with_input,
    cast(coalesce(summed.area_m2, 0) as numeric) as area_in_scope_m2,
    cast(coalesce(summed.covered_m2, 0) as numeric) as area_with_input_m2,
    cast(case
        when summed.needs_areas_only = 1 then 100.0 * summed.covered_buildings / summed.buildings
        when summed.area_m2 > 0 then 100.0 * summed.covered_m2 / summed.area_m2
    end as numeric) as coverage_pct,
    coalesce(missing.missing_measures, '') as missing_measures
from {{ ref('int_key_figures__divided') }} as figures
inner join {{ source('register', 'key_figures') }} as register using (key_figure_code, version)
left join summed using (municipality_code, year, key_figure_code, version)
left join missing using (municipality_code, year, key_figure_code, version)
