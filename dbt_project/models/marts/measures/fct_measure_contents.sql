-- What publication compares, counted where measures are built: the number of rows tells two equal ones from none.
select
    municipality_code,
    topic,
    year,
    count(*) as measure_rows,
    {{ content_sum('measures') }} as hash_sum
from {{ ref('fct_measures') }} as measures
group by municipality_code, topic, year
