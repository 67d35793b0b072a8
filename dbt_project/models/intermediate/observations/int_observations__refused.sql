select municipality_code, delivery_id, row_no, property_no, building_no, measure_code, year, reason
from {{ ref('int_observations__judged') }}
where reason is not null
