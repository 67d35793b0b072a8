-- One meter of several sources counts once: of those with a whole year of data (350 days) the first of eloverblik,
-- EK109, files, openMAINT; where none has one, the one with most days.
with summed as (
    select
        municipality_code, year, source, meter_id, series, meter_no, carrier, measure_code, meter_key,
        installation_key, source_rank, property_no, building_no, dar_id, has_master,
        {{ days_in_year('year') }} as days_in_year,
        sum(quantity) as quantity,
        cast(round(sum(days), 0) as integer) as days,
        count(delivered_quantity) - count(quantity) as unconverted,
        sum(missing_rows) as missing_rows,
        sum(estimated_rows) as estimated_rows,
        sum(source_rows) as source_rows,
        max(delivery_id) as delivery_id
    from {{ ref('int_meter_spans__converted') }}
    group by
        municipality_code, year, source, meter_id, series, meter_no, carrier, measure_code, meter_key,
        installation_key, source_rank, property_no, building_no, dar_id, has_master
),

judged as (
    select
        *,
        case
            when unconverted > 0 then 'a unit that is no energy or volume and has no factor'
            when quantity is null then 'no reading has a value'
            when days > days_in_year + 1 then 'readings overlap'
            when quantity < 0 then 'a negative consumption'
            when missing_rows > 0 and days < 350 then 'readings are missing'
        end as missing_reason,
        case
            when not has_master then 'the meter is in no list of meters'
            when carrier is null and source = 'eloverblik' then 'part of another metering point'
            when measure_code is null then 'a carrier that no measure counts'
        end as left_out_reason
    from summed
),

candidates as (
    select
        *,
        min(case when missing_reason is null then days else -1 end) over (
            partition by municipality_code, year, meter_key, source_rank, left_out_reason
        ) as rank_days
    from judged
),

ranked as (
    select
        *,
        dense_rank() over (
            partition by municipality_code, year, meter_key, left_out_reason
            order by case when rank_days >= 350 then 350 else rank_days end desc, source_rank
        ) as choice_no
    from candidates
)

select
    municipality_code, year, source, meter_id, series, meter_no, carrier, measure_code, meter_key, installation_key,
    source_rank, property_no, building_no, dar_id, delivery_id, days, days_in_year, source_rows,
    coalesce(left_out_reason, case when choice_no > 1 then 'another source or series of the meter counts' end)
        as left_out_reason,
    missing_reason,
    case when missing_reason is null then quantity end as quantity,
    case
        when missing_reason is not null then 'x'
        when missing_rows + estimated_rows > 0 then 'e'
        else ''
    end as status_code
from ranked
