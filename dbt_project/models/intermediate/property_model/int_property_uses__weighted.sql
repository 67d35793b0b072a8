-- Over which uses and tenures what is known of a property and year only is spread: by days, and by area where buildings
-- differ. A building of unknown area counts as its neighbours do on average. Without a building the property's own days
-- decide. used_share leaves out what is let out, for what belongs to the municipality's own use: pupils, hours.
with buildings as (
    select
        municipality_code, year, property_id, use_category, tenure, days, area_days,
        sum(area_days) over (partition by property_id, year) / sum(case when area_days is not null then days end) over (
            partition by property_id, year
        ) as mean_m2
    from {{ ref('int_building_uses__weighted') }}
    where days > 0
),

weights as (
    select
        municipality_code, year, property_id, use_category, tenure,
        sum(coalesce(area_days, days * coalesce(mean_m2, 1))) as weight
    from buildings
    group by municipality_code, year, property_id, use_category, tenure
    union all
    select
        own.municipality_code, own.year, own.property_id, own.use_category, own.tenure,
        sum(own.days) as weight
    from {{ ref('int_unit_days__described') }} as own
    left join (select distinct property_id, year from buildings) as built using (property_id, year)
    where own.building_id is null and built.property_id is null
    group by own.municipality_code, own.year, own.property_id, own.use_category, own.tenure
),

totals as (
    select
        *,
        sum(weight) over (partition by property_id, year) as total,
        sum(case when tenure <> 'let_out' then weight end) over (partition by property_id, year) as used_total,
        row_number() over (
            partition by property_id, year
            order by case when tenure = 'let_out' then 1 else 0 end, weight desc, use_category, tenure
        ) as size_no
    from weights
),

rounded as (
    select
        *,
        round(weight / total, 12) as share_rounded,
        case
            when used_total is null then round(weight / total, 12)
            when tenure <> 'let_out' then round(weight / used_total, 12)
            else 0
        end as used_rounded
    from totals
)

-- The largest gets what rounding left, so that shares sum to exactly one.
select
    municipality_code, year, property_id, use_category, tenure,
    case
        when size_no = 1 then 1 - (sum(share_rounded) over (partition by property_id, year) - share_rounded)
        else share_rounded
    end as share,
    case
        when size_no = 1 then 1 - (sum(used_rounded) over (partition by property_id, year) - used_rounded)
        else used_rounded
    end as used_share
from rounded
