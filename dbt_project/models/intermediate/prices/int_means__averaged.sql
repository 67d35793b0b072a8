-- Means of the year and those before it, of costs in prices of the base year. All years must be there; a property
-- without a cost in a year that has accounts, or that did not stand yet, had none. Uses are those of the newest year.
with fixed as (
    select * from {{ ref('int_mean_amounts__fixed') }}
),

-- A mean may sum several parts; its span is one.
spans as (
    select distinct municipality_code, year, measure_code, years, kind, is_whole
    from {{ ref('int_mean_spans__delivered') }}
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

places as (
    select * from {{ ref('int_mean_places__shared') }}
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
