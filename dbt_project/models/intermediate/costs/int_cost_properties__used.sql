-- Over which uses and tenures the costs of a property and year are spread: the one place that says so. What did not
-- stand in a year, as far as is known, had the use that it has today.
with scopes as (
    select distinct municipality_code, fiscal_year from {{ ref('int_posting_deliveries__counted') }}
)

select
    scopes.municipality_code,
    scopes.fiscal_year,
    properties.property_no,
    properties.property_id,
    coalesce(uses.use_category, properties.use_category) as use_category,
    coalesce(uses.tenure, properties.tenure) as tenure,
    coalesce(uses.share, 1) as share
from scopes
inner join {{ ref('int_properties__classified') }} as properties using (municipality_code)
left join {{ ref('int_property_uses__weighted') }} as uses
    on properties.property_id = uses.property_id and scopes.fiscal_year = uses.year
