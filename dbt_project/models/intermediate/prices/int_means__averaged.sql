{%- set means = [
    ('C_VEDL_5AAR', 'C_VEDL_PL', 5),
    ('C_VEDL_5AAR', 'C_VEDL_AK', 5),
    ('C_VEDL_PL_5AAR', 'C_VEDL_PL', 5),
    ('C_ANLAEG_4AAR', 'C_ANLAEG', 4),
    ('A_EJET_5AAR', 'A_EJET', 5),
] -%}
-- Means of the year and those before it, of costs in prices of the base year. All years must be there; a property
-- without a cost in a year that has accounts, or that did not stand yet, had none. Uses are those of the newest year.
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
        means.measure_code, amounts.municipality_code, amounts.year, amounts.property_id, amounts.delivery_id,
        amounts.amount * case
            when means.part_code = 'A_EJET' or amounts.amount = 0 then 1
            else prices.base_price_index / prices.price_index
        end as amount
    from amounts
    inner join means using (part_code)
    left join {{ ref('int_prices__indexed') }} as prices
        on means.measure_code = prices.measure_code and amounts.year = prices.year
),

delivered as (
    select distinct municipality_code, year, 'C' as kind from {{ ref('int_costs__allocated') }}
    union all
    select municipality_code, year, 'A' as kind from {{ ref('int_years__observed') }}
),

spans as (
    select
        this.municipality_code, this.year, means.measure_code, means.years, this.kind,
        count(*) = means.years as is_whole
    from delivered as this
    inner join (select distinct measure_code, years from means) as means
        on substr(means.measure_code, 1, 1) = this.kind
    inner join delivered as earlier
        on
            this.municipality_code = earlier.municipality_code
            and this.kind = earlier.kind
            and earlier.year between this.year - means.years + 1 and this.year
    group by this.municipality_code, this.year, means.measure_code, means.years, this.kind
),

averaged as (
    select
        spans.municipality_code, spans.year, spans.measure_code, spans.kind, fixed.property_id, fixed.delivery_id,
        case when count(fixed.amount) = count(*) then sum(fixed.amount) / spans.years end as amount
    from spans
    inner join fixed
        on
            spans.municipality_code = fixed.municipality_code
            and spans.measure_code = fixed.measure_code
            and fixed.year between spans.year - spans.years + 1 and spans.year
    where spans.is_whole
    group by
        spans.municipality_code, spans.year, spans.measure_code, spans.years, spans.kind, fixed.property_id,
        fixed.delivery_id
),

-- Costs follow the property's uses of the newest year, an owned area the uses of what is owned in it.
places as (
    select municipality_code, year, property_id, use_category, tenure, share, 'C' as kind
    from {{ ref('int_places__yearly') }}
    where building_no = ''
    union all
    select
        municipality_code, year, property_id, use_category, tenure,
        coalesce(
            sum(amount) / nullif(sum(sum(amount)) over (partition by municipality_code, year, property_id), 0),
            1.0 / count(*) over (partition by municipality_code, year, property_id)
        ) as share,
        'A' as kind
    from {{ ref('int_areas__measured') }}
    where measure_code = 'A_EJET'
    group by municipality_code, year, property_id, use_category, tenure
),

placed as (
    select
        averaged.municipality_code, averaged.year, averaged.property_id,
        coalesce(places.use_category, 'none') as use_category,
        coalesce(places.tenure, 'none') as tenure,
        averaged.measure_code,
        averaged.amount * coalesce(places.share, 1) as amount,
        averaged.delivery_id
    from averaged
    left join places using (municipality_code, year, property_id, kind)
    where averaged.kind = 'C' or places.property_id is not null
    union all
    -- every property has a row: 0 where it had no cost, unknown where a year is not there
    select
        spans.municipality_code, spans.year, places.property_id, places.use_category, places.tenure,
        spans.measure_code,
        case when spans.is_whole then 0 end as amount,
        cast(null as bigint) as delivery_id
    from spans
    inner join places using (municipality_code, year, kind)
)

select
    municipality_code, year, property_id, cast(null as text) as building_id, use_category, tenure, measure_code, amount,
    case when amount is null then 'x' else '' end as status_code,
    delivery_id
from placed
