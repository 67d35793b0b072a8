{%- set facts = [
    ('A_SYN', 'area_m2', '0'),
    ('A_SYN_5', 'case when surveyed_year > year - 5 then area_m2 else 0 end', '0'),
    ('A_GOD', 'case when grade is null then null when grade <= 1 then area_m2 else 0 end', '0'),
    ('A_TILST', 'grade * area_m2', '0'),
    ('BL_HOEJ', 'case when lacks_amounts = 0 then bl_hoej_dkk * share end', 'null'),
    ('BL_BETYDELIG', 'case when lacks_amounts = 0 then bl_betydelig_dkk * share end', 'null'),
    ('BL_MODERAT', 'case when lacks_amounts = 0 then bl_moderat_dkk * share end', 'null'),
    ('BL_LAV', 'case when lacks_amounts = 0 then bl_lav_dkk * share end', 'null'),
] -%}
-- A building that nobody has surveyed has no surveyed area, and a backlog that is not known: never one of 0 kroner.
with surveying as (
    select distinct municipality_code from {{ ref('stg_fm_files__condition_surveys') }}
),

buildings as (
    select
        areas.municipality_code, areas.year, areas.property_id, areas.building_id, areas.use_category, areas.tenure,
        areas.amount as area_m2,
        coalesce(
            areas.amount
            / nullif(sum(areas.amount) over (partition by areas.municipality_code, areas.year, areas.building_id), 0),
            1.0 / count(*) over (partition by areas.municipality_code, areas.year, areas.building_id)
        ) as share
    from {{ ref('int_areas__measured') }} as areas
    inner join surveying using (municipality_code)
    where areas.measure_code = 'A_BDA'
),

graded as (
    select
        buildings.*, conditions.surveyed_year, conditions.grade, conditions.lacks_amounts, conditions.bl_hoej_dkk,
        conditions.bl_betydelig_dkk, conditions.bl_moderat_dkk, conditions.bl_lav_dkk, conditions.delivery_id
    from buildings
    left join {{ ref('int_conditions__graded') }} as conditions using (municipality_code, year, building_id)
),

measured as (
    {%- for measure_code, amount, unsurveyed in facts %}
    select
        municipality_code, year, property_id, building_id, use_category, tenure,
        '{{ measure_code }}' as measure_code,
        case when surveyed_year is null then {{ unsurveyed }} else {{ amount }} end as amount,
        delivery_id
    from graded
    union all
    {%- endfor %}
    select * from {{ ref('int_replacement_values__priced') }}
)

select
    municipality_code, year, property_id, building_id, use_category, tenure, measure_code, amount,
    case when amount is null then 'x' else '' end as status_code,
    delivery_id
from measured
