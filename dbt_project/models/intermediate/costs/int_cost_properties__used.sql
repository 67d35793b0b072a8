-- Over which uses and tenures the costs of a property and year are spread: the one place that says so.
with scopes as (
    select distinct municipality_code, fiscal_year from {{ ref('int_posting_deliveries__counted') }}
)

select
    scopes.municipality_code,
    scopes.fiscal_year,
    properties.property_no,
    properties.property_id,
    properties.use_category,
    properties.tenure,
    cast(1 as numeric) as share
from scopes
inner join {{ ref('int_properties__classified') }} as properties using (municipality_code)
