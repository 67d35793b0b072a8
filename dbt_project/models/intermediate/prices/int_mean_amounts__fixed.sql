{{ config(materialized='ephemeral') }}

with spans as (
    select * from {{ ref('int_mean_spans__delivered') }}
),

-- Years that a mean is of. Municipalities have as many years of accounts as they have delivered: often too few.
needed as (
    select distinct spans.municipality_code, spans.part_code, years.year
    from spans
    inner join (select distinct municipality_code, kind, year from spans) as years
        on
            spans.municipality_code = years.municipality_code
            and spans.kind = years.kind
            and years.year between spans.year - spans.years + 1 and spans.year
    where spans.is_whole
),

-- What each mean sums: nominal costs and known areas, per property and year.
amounts as (
    select
        costs.municipality_code, costs.year, costs.property_id, costs.measure_code as part_code, costs.delivery_id,
        sum(costs.amount) as amount
    from {{ ref('int_costs__allocated') }} as costs
    inner join needed
        on
            costs.municipality_code = needed.municipality_code
            and costs.year = needed.year
            and costs.measure_code = needed.part_code
    group by costs.municipality_code, costs.year, costs.property_id, costs.measure_code, costs.delivery_id
    union all
    select
        municipality_code, year, property_id, measure_code as part_code, cast(null as bigint) as delivery_id,
        case when count(amount) = count(*) then sum(amount) end as amount
    from {{ ref('int_areas__measured') }}
    where measure_code = 'A_EJET'
    group by municipality_code, year, property_id, measure_code
)

select
    means.measure_code, amounts.municipality_code, amounts.year, amounts.property_id, amounts.delivery_id,
    amounts.amount * case
        when means.part_code = 'A_EJET' or amounts.amount = 0 then 1
        else prices.base_price_index / prices.price_index
    end as amount
from (select distinct measure_code, part_code from spans) as means
inner join amounts using (part_code)
left join {{ ref('int_prices__indexed') }} as prices
    on means.measure_code = prices.measure_code and amounts.year = prices.year
