{%- set facts = [
    ('A_BDA', 'operating_area_m2', "tenure in ('owned', 'leased')"),
    ('A_EJET', 'operating_area_m2', "tenure = 'owned'"),
    ('A_LEJET', 'operating_area_m2', "tenure = 'leased'"),
    ('A_UDLEJET', 'operating_area_m2', "tenure = 'let_out'"),
    ('A_OPV', 'heated_m2', "tenure in ('owned', 'leased')"),
    ('A_RENG', 'cleaned_m2', "tenure in ('owned', 'leased')"),
] -%}
-- A building of unknown age counts in every year. A missing area is a row without amount, never a zero.
with standing as (
    select buildings.*, years.year
    from {{ ref('int_buildings__classified') }} as buildings
    inner join {{ ref('int_years__observed') }} as years using (municipality_code)
    where buildings.built_year is null or buildings.built_year <= years.year
),

measured as (
    {%- for measure_code, area, condition in facts %}
    select
        municipality_code, year, property_id, building_id, use_category, tenure, fm_delivery_id, bbr_delivery_id,
        '{{ measure_code }}' as measure_code, {{ area }} as amount
    from standing
    where {{ condition }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    *,
    case when amount is null then 'x' else '' end as status_code
from measured
