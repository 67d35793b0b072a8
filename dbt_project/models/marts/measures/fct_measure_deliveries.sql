{%- set area_deliveries = ['delivery_id', 'bbr_delivery_id', 'other_delivery_id'] -%}
with areas as (
    select
        municipality_code, year, use_category, measure_code, delivery_id, bbr_delivery_id, other_delivery_id,
        count(*) as source_rows
    from {{ ref('int_areas__measured') }}
    group by
        municipality_code, year, use_category, measure_code, delivery_id, bbr_delivery_id, other_delivery_id
),

rows_used as (
    select municipality_code, year, use_category, measure_code, delivery_id, source_rows
    from {{ ref('int_costs__allocated') }}
    union all
    select municipality_code, year, use_category, measure_code, delivery_id, source_rows
    from {{ ref('int_energy_deliveries__listed') }}
    union all
    select municipality_code, year, use_category, measure_code, delivery_id, source_rows
    from {{ ref('int_users__counted') }}
    {%- for delivery in area_deliveries %}
    union all
    select municipality_code, year, use_category, measure_code, {{ delivery }} as delivery_id, source_rows
    from areas
    {%- endfor %}
    {%- for model in [
        'int_hours__counted', 'int_conditions__surveyed', 'int_observations__delivered', 'int_statistics__counted',
        'int_means__averaged',
    ] %}
    union all
    select municipality_code, year, use_category, measure_code, delivery_id, 1 as source_rows
    from {{ ref(model) }}
    {%- endfor %}
)

select
    rows_used.municipality_code,
    uses.topic,
    rows_used.year,
    rows_used.measure_code,
    rows_used.delivery_id,
    cast(sum(rows_used.source_rows) as bigint) as source_rows
from rows_used
inner join {{ source('register', 'use_categories') }} as uses using (use_category)
where rows_used.delivery_id is not null
group by rows_used.municipality_code, uses.topic, rows_used.year, rows_used.measure_code, rows_used.delivery_id
