{{ config(tags=['intermediate']) }}

-- Every delivery that counts has as many postings as landed, and those that count reach the cost categories with the
-- same sum.
with landed as (
    select municipality_code, delivery_id, row_count
    from ({{ current_ledger_deliveries(with_rows=true) }}) as deliveries
    where batch is null and row_count is not null
),

read as (
    select delivery_id, sum(postings) as postings
    from {{ ref('int_posting_deliveries__summed') }}
    group by delivery_id
),

sums as (
    select municipality_code, fiscal_year, amount_dkk from {{ ref('int_posting_deliveries__counted') }}
    union all
    select municipality_code, year as fiscal_year, -accepted_dkk as amount_dkk from {{ ref('int_costs__accepted') }}
)

select landed.municipality_code, landed.delivery_id, landed.row_count - coalesce(read.postings, 0) as difference
from landed
left join read using (delivery_id)
where landed.row_count <> coalesce(read.postings, 0)
union all
select municipality_code, fiscal_year as delivery_id, sum(amount_dkk) as difference
from sums
group by municipality_code, fiscal_year
having sum(amount_dkk) <> 0
