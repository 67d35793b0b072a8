-- Areas are known per building, everything else per property.
select distinct
    municipality_code,
    year,
    case when kind = 'area' then building_id else property_id end as unit_id,
    case when kind = 'cost' then 'cost' else measure_code end as need_code
from {{ ref('int_measures__unioned') }}
where status_code in ('', 'e') and property_id is not null
