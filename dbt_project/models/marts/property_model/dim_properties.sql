select
    municipality_code,
    'property_model' as topic,
    0 as year,
    property_id,
    property_no,
    bfe_number,
    name,
    use_category,
    tenure
from {{ ref('int_properties__classified') }}
