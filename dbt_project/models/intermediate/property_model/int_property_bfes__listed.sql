{{ config(materialized='ephemeral') }}
-- An FM system can name several BFE numbers of a property, in repeated rows of its list.
with listed as (
    select municipality_code, property_id, bfe_number
    from {{ ref('int_properties__unioned') }}
    where bfe_number is not null
    union
    select properties.municipality_code, properties.property_id, bfes.bfe_number
    from {{ ref('stg_fm_files__property_bfe_numbers') }} as bfes
    inner join {{ ref('int_properties__unioned') }} as properties using (municipality_code, property_no)
)

select
    *,
    count(*) over (partition by municipality_code, bfe_number) as properties_of_bfe
from listed
