{{ config(materialized='view') }}

with costs as (
    select
        municipality_code, year, property_id, cast(null as text) as building_id, use_category, tenure, measure_code,
        sum(amount) as amount, '' as status_code
    from {{ ref('int_costs__allocated') }}
    group by municipality_code, year, property_id, use_category, tenure, measure_code
),

energy as (
    select
        municipality_code, year, property_id, building_id, use_category, tenure, measure_code, amount, status_code
    from {{ ref('int_energy__consumed') }}
),

users as (
    select
        municipality_code, year, property_id, cast(null as text) as building_id, use_category, tenure, measure_code,
        sum(amount) as amount, max(status_code) as status_code
    from {{ ref('int_users__counted') }}
    group by municipality_code, year, property_id, use_category, tenure, measure_code
),

areas as (
    select
        municipality_code, year, property_id, building_id, use_category, tenure, measure_code, amount, status_code
    from {{ ref('int_areas__measured') }}
),

-- Inputs of other sources, each with one row or several per key.
inputs as (
    {%- for model in [
        'int_hours__counted', 'int_conditions__surveyed', 'int_observations__delivered', 'int_statistics__counted',
        'int_means__averaged',
    ] %}
    select
        municipality_code, year, property_id, building_id, use_category, tenure, measure_code,
        case when count(amount) = count(*) then sum(amount) end as amount, max(status_code) as status_code
    from {{ ref(model) }}
    group by municipality_code, year, property_id, building_id, use_category, tenure, measure_code
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

unioned as (
    select * from areas
    union all
    select * from users
    union all
    select * from energy
    union all
    select * from costs
    union all
    select * from inputs
)

select
    unioned.municipality_code,
    uses.topic,
    unioned.year,
    unioned.property_id,
    unioned.building_id,
    unioned.use_category,
    unioned.tenure,
    unioned.measure_code,
    unioned.amount,
    measures.unit,
    unioned.status_code,
    measures.kind
from unioned
inner join {{ source('register', 'use_categories') }} as uses using (use_category)
inner join {{ source('register', 'measures') }} as measures using (measure_code)
