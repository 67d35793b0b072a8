-- Most areas are known per building, everything else per property.
select distinct
    municipality_code,
    year,
    coalesce(case when kind = 'area' then building_id end, property_id) as unit_id,
    case when kind = 'cost' then 'cost' else measure_code end as need_code
from {{ ref('int_measures__unioned') }}
where status_code = '' and property_id is not null
