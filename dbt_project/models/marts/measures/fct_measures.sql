select
    municipality_code,
    topic,
    year,
    property_id,
    building_id,
    use_category,
    tenure,
    measure_code,
    cast(amount as numeric) as amount,
    unit,
    status_code
from {{ ref('int_measures__unioned') }}
