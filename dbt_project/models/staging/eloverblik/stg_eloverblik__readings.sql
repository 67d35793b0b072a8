-- A view: the one model that reads all of it keeps what it has read, and a month's delivery costs a month.
{{ config(materialized='view') }}

with source as (
    {{ current_rows('eloverblik', 'readings') }}
),

-- A period holds a day of readings of up to an hour, each at its position, or is itself one reading.
placed as (
    select
        *,
        upper({{ text_or_null('resolution') }}) as resolution_code,
        {{ quality_code('quality') }} as quality_code,
        {{ utc_time('period_start') }} as period_start_at,
        {{ utc_time('period_end') }} as period_end_at,
        case upper({{ text_or_null('resolution') }}) when 'PT15M' then 15 when 'PT1H' then 60 end as minutes,
        coalesce({{ safe_integer('position') }}, 1) - 1 as steps
    from source
),

timed as (
    select
        *,
        {{ add_minutes('period_start_at', 'coalesce(minutes, 0) * steps') }} as start_at,
        case
            when minutes is null then period_end_at
            else {{ add_minutes('period_start_at', 'minutes * (steps + 1)') }}
        end as end_at
    from placed
),

renamed as (
    select
        delivery_id,
        row_no,
        municipality_code,
        {{ text_or_null('metering_point_id') }} as metering_point_id,
        {{ text_or_null('series_type') }} as series_type,
        case when series_type in ('A01', 'A04') then series_type end as business_type_code,
        case
            when resolution_code in ('PT1D', 'P1D') then 'P1D'
            when resolution_code in ('PT1Y', 'P1Y') then 'P1Y'
            else resolution_code
        end as resolution,
        quality_code,
        coalesce(quality_code = 'A02', false) as is_missing,
        coalesce(quality_code in ('A03', 'A05'), false) as is_uncertain,
        case
            when coalesce(quality_code, '') <> 'A02' then {{ energy_in_kwh(parse_amount('quantity'), 'unit') }}
        end as quantity_kwh,
        start_at,
        end_at,
        {{ danish_date('start_at') }} as local_date,
        {{ first_of_month(danish_date('start_at')) }} as local_month,
        {{ year_of(danish_date('start_at')) }} as year
    from timed
)

select * from renamed
