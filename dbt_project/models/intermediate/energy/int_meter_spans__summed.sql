-- Every source's readings, each cut at New Year by days: what is on either side of it is an estimate.
with spans as (
    select
        municipality_code, 'eloverblik' as source, metering_point_id as meter_id,
        business_type_code || case when is_long = 1 then '/year' else '' end as series, delivery_id,
        case when is_long = 1 then first_date else local_month end as from_date,
        case when is_long = 1 then until_date else {{ add_months('local_month', 1) }} end
            as until_date,
        days, quantity_kwh as quantity, 'kwh' as unit, cast(null as numeric) as kwh_per_unit,
        source_rows, missing_rows, estimated_rows
    from {{ ref('int_eloverblik_months__summed') }}
    union all
    -- A file has a row per month, or several rows a month that each stand for a day.
    select
        municipality_code, 'files' as source, meter_no as meter_id, '' as series, delivery_id,
        period_start as from_date,
        {{ add_months('period_start', 'case when is_whole_year then 12 else 1 end') }} as until_date,
        cast(case
            when count(distinct period) > 1 then count(distinct period)
            when is_whole_year then {{ days_in_year(year_of('period_start')) }}
            else {{ days_between('period_start', add_months('period_start', 1)) }}
        end as numeric) as days,
        sum(quantity) as quantity, unit, cast(null as numeric) as kwh_per_unit, count(*) as source_rows,
        count(*) - count(quantity) as missing_rows, 0 as estimated_rows
    from {{ ref('stg_energy__readings') }}
    where period_start is not null and meter_no is not null
    group by municipality_code, delivery_id, meter_no, unit, period_start, is_whole_year
    union all
    select
        municipality_code, source, meter_id, series, delivery_id, from_date, until_date,
        cast(case
            when quantity is not null and until_date > from_date then {{ days_between('from_date', 'until_date') }}
            else 0
        end as numeric) as days,
        quantity, unit, kwh_per_unit, 1 as source_rows,
        case when quantity is null then 1 else 0 end as missing_rows, 0 as estimated_rows
    from {{ ref('int_counters__differenced') }}
),

dated as (
    select
        *,
        {{ year_of('from_date') }} as first_year,
        case
            when until_date > from_date then {{ year_of(add_days('until_date', -1)) }}
            else {{ year_of('from_date') }}
        end as last_year
    from spans
),

cut as (
    select *, first_year as year, 1 as part_days, 1 as span_days from dated where first_year = last_year
    union all
    select
        dated.*, years.year,
        {{ days_between(
            'greatest(dated.from_date, ' ~ first_of_year('years.year') ~ ')',
            'least(dated.until_date, ' ~ first_of_year('years.year + 1') ~ ')'
        ) }} as part_days,
        {{ days_between('dated.from_date', 'dated.until_date') }} as span_days
    from dated
    inner join (
        {% for year in range(1990, 2101) -%}
        select {{ year }} as year {% if not loop.last %}union all {% endif %}
        {%- endfor %}
    ) as years
        on years.year between dated.first_year and dated.last_year
    where dated.first_year < dated.last_year
)

select
    municipality_code, source, meter_id, series, year, delivery_id, {{ quantity_unit('unit') }} as unit, kwh_per_unit,
    sum(quantity * part_days / span_days) as quantity,
    sum(days * part_days / span_days) as days,
    sum(source_rows) as source_rows,
    sum(missing_rows) as missing_rows,
    sum(estimated_rows + case when part_days < span_days then 1 else 0 end) as estimated_rows
from cut
group by municipality_code, source, meter_id, series, year, delivery_id, {{ quantity_unit('unit') }}, kwh_per_unit
