-- Heat of a place as in a year of normal weather. A place whose meters do not all have 350 days of data has none: what
-- is missing may be winter or summer.
with meters as (
    select
        municipality_code, year, property_id, building_id, use_category, tenure, installation_key,
        max(days_in_year) as days_in_year,
        sum(days) as days,
        case when count(amount) = count(*) then sum(amount) end as amount,
        max(status_code) as status_code, max(delivery_id) as delivery_id
    from {{ ref('int_meter_years__placed') }}
    where measure_code = 'Q_VARME'
    group by municipality_code, year, property_id, building_id, use_category, tenure, installation_key
),

heat as (
    select
        municipality_code, year, property_id, building_id, use_category, tenure,
        max(days_in_year) as days_in_year,
        min(case when days > days_in_year then days_in_year else days end) as days_with_data,
        case when count(amount) = count(*) then sum(amount) end as heat_kwh,
        max(status_code) as status_code, max(delivery_id) as delivery_id
    from meters
    group by municipality_code, year, property_id, building_id, use_category, tenure
),

corrected as (
    select
        heat.*, shares.guf_pct / 100 as guf_share, weather.basis_version, weather.source_name, weather.area,
        weather.degree_days, weather.vintage, weather.normal_degree_days, weather.normal_vintage, weather.is_break,
        weather.degree_delivery_id,
        case
            when heat.heat_kwh is null then 'heat is missing'
            when heat.days_with_data < 350 then 'fewer than 350 days of data'
            when weather.degree_days is null then 'no degree days of the year and the normal year by one method'
            when shares.guf_pct is null then 'no share for the use'
        end as missing_reason
    from heat
    left join {{ ref('int_degree_days__chosen') }} as weather using (year)
    left join {{ ref('guf_shares') }} as shares
        on
            heat.use_category = shares.use_category
            and heat.year between shares.valid_from and coalesce(shares.valid_to, 9999)
)

select
    *,
    case
        when missing_reason is null
            then
                heat_kwh * guf_share + heat_kwh * (1 - guf_share) * normal_degree_days / degree_days
    end as corrected_kwh
from corrected
