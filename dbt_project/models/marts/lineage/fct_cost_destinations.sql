{{ config(materialized='view', post_hook='') }}

select
    destinations.municipality_code,
    uses.topic,
    destinations.fiscal_year as year,
    destinations.destination_id,
    destinations.property_id,
    destinations.use_category,
    destinations.tenure,
    cast(destinations.share as numeric) as share
from {{ ref('int_cost_destinations__shared') }} as destinations
inner join {{ source('register', 'use_categories') }} as uses using (use_category)
