{{ config(materialized='ephemeral') }}
-- What a municipality says of a unit in some days; building_key is empty for a whole property. A period that has no end
-- holds still. A property that nobody named has no place in the model.
select
    periods.municipality_code,
    properties.property_id,
    case
        when periods.building_no = '' then '' else properties.property_id || '-' || periods.building_no
    end as building_key,
    periods.valid_from,
    periods.valid_to,
    periods.use_category,
    periods.tenure,
    periods.area_m2
from {{ source('register', 'property_periods') }} as periods
inner join {{ ref('int_properties__unioned') }} as properties using (municipality_code, property_no)
