{{ config(materialized='ephemeral') }}
-- Each year of a unit, cut where anything about it changes. A unit is a building, or a property itself (building_key is
-- empty), which is there all year.
with years as (
    select
        municipality_code,
        year,
        {{ first_of_year('year') }} as starts_on,
        {{ first_of_year('year + 1') }} as ends_on
    from {{ ref('int_years__observed') }}
),

units as (
    select municipality_code, property_id, building_id as building_key, stands_from, stands_to
    from {{ ref('int_buildings__classified') }}
    union all
    select
        municipality_code, property_id, '' as building_key,
        cast(null as date) as stands_from, cast(null as date) as stands_to
    from {{ ref('int_properties__classified') }}
),

-- A building of unknown age counts in every year.
standing as (
    select
        units.municipality_code,
        units.property_id,
        units.building_key,
        years.year,
        case when units.stands_from > years.starts_on then units.stands_from else years.starts_on end as starts_on,
        case when units.stands_to < years.ends_on then units.stands_to else years.ends_on end as stands_to
    from units
    inner join years
        on
            units.municipality_code = years.municipality_code
            and (units.stands_from is null or units.stands_from < years.ends_on)
            and (units.stands_to is null or units.stands_to > years.starts_on)
),

changes as (
    {%- for relation, key in [
        ('int_property_periods__placed', 'building_key'),
        ('int_leases__placed', 'building_id'),
    ] %}
    {%- for day in ['valid_from', 'valid_to'] %}
    select municipality_code, property_id, {{ key }} as building_key, {{ day }} as day from {{ ref(relation) }}
    union
    {%- endfor %}
    {%- endfor %}
    select municipality_code, property_id, building_id, link_valid_from from {{ ref('int_buildings__classified') }}
    union
    select municipality_code, property_id, building_id, link_valid_to from {{ ref('int_buildings__classified') }}
),

cuts as (
    select * from standing
    union
    select
        standing.municipality_code, standing.property_id, standing.building_key, standing.year, changes.day,
        standing.stands_to
    from standing
    inner join changes
        on
            standing.municipality_code = changes.municipality_code
            and standing.property_id = changes.property_id
            and changes.building_key in ('', standing.building_key)
            and changes.day > standing.starts_on
            and changes.day < standing.stands_to
)

select
    municipality_code, property_id, building_key, year, starts_on,
    coalesce(
        lead(starts_on) over (partition by municipality_code, property_id, building_key, year order by starts_on),
        stands_to
    ) as ends_on
from cuts
