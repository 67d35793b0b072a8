with rows_used as (
    select municipality_code, year, use_category, measure_code, delivery_id, source_rows
    from {{ ref('int_costs__allocated') }}
    union all
    select municipality_code, year, use_category, measure_code, delivery_id, source_rows
    from {{ ref('int_energy__consumed') }}
    union all
    select municipality_code, year, use_category, measure_code, delivery_id, source_rows
    from {{ ref('int_users__counted') }}
    union all
    select municipality_code, year, use_category, measure_code, fm_delivery_id as delivery_id, 1 as source_rows
    from {{ ref('int_areas__measured') }}
    union all
    select municipality_code, year, use_category, measure_code, bbr_delivery_id as delivery_id, 1 as source_rows
    from {{ ref('int_areas__measured') }}
    where measure_code in ('A_BDA', 'A_EJET', 'A_UDLEJET')
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
