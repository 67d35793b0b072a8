{%- set columns = [
    'municipality_code', 'topic', 'year', 'property_id', 'building_id', 'use_category', 'tenure', 'measure_code',
    'amount', 'unit', 'status_code',
] -%}
-- What publication compares, counted where measures are built: the number of rows tells two equal ones from none.
select
    municipality_code,
    topic,
    year,
    count(*) as measure_rows,
    {{ content_sum('measures', columns | join(', ')) }} as hash_sum
from {{ ref('fct_measures') }} as measures
group by municipality_code, topic, year
