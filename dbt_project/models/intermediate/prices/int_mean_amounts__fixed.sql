{{ config(materialized='ephemeral') }}

{%- set means = [
    ('C_VEDL_5AAR', 'C_VEDL_PL', 5),
    ('C_VEDL_5AAR', 'C_VEDL_AK', 5),
    ('C_VEDL_PL_5AAR', 'C_VEDL_PL', 5),
    ('C_ANLAEG_4AAR', 'C_ANLAEG', 4),
    ('A_EJET_5AAR', 'A_EJET', 5),
] %}
with means as (
    {%- for measure_code, part_code, years in means %}
    select '{{ measure_code }}' as measure_code, '{{ part_code }}' as part_code, {{ years }} as years
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- What each mean sums: nominal costs and known areas, per property and year.
amounts as (
    select municipality_code, year, property_id, measure_code as part_code, delivery_id, sum(amount) as amount
    from {{ ref('int_costs__allocated') }}
    where measure_code in ('C_VEDL_PL', 'C_VEDL_AK', 'C_ANLAEG')
    group by municipality_code, year, property_id, measure_code, delivery_id
    union all
    select
        municipality_code, year, property_id, measure_code as part_code, cast(null as bigint) as delivery_id,
        case when count(amount) = count(*) then sum(amount) end as amount
    from {{ ref('int_areas__measured') }}
    where measure_code = 'A_EJET'
    group by municipality_code, year, property_id, measure_code
),

fixed as (
    select
        means.measure_code, means.years, amounts.municipality_code, amounts.year, amounts.property_id,
        amounts.delivery_id,
        amounts.amount * case
            when means.part_code = 'A_EJET' or amounts.amount = 0 then 1
            else prices.base_price_index / prices.price_index
        end as amount
    from means
    left join amounts using (part_code)
    left join {{ ref('int_prices__indexed') }} as prices
        on means.measure_code = prices.measure_code and amounts.year = prices.year
)

select * from fixed
