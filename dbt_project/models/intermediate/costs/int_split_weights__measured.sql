{{ config(materialized='view') }}

-- What rules split by without a key of the municipality's own. An unknown area or count weighs nothing.
with measured as (
    select municipality_code, year, property_id, use_category, tenure, 'area' as split, amount
    from {{ ref('int_areas__measured') }}
    where measure_code = 'A_BDA'
    union all
    select
        municipality_code, year, property_id, use_category, tenure,
        case when measure_code = 'N_ELEV' then 'pupils' else 'children' end as split, amount
    from {{ ref('int_users__counted') }}
    where measure_code in ('N_ELEV', 'N_BARN') and property_id is not null
)

select municipality_code, year as fiscal_year, split, property_id, use_category, tenure, sum(amount) as weight
from measured
where amount > 0
group by municipality_code, year, split, property_id, use_category, tenure
