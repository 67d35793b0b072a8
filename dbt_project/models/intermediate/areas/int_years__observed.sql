with observed as (
    select municipality_code, fiscal_year as year from {{ ref('int_posting_deliveries__counted') }}
    union
    select municipality_code, year from {{ ref('int_meter_years__summed') }}
)

select * from observed where year between 2000 and 2100
