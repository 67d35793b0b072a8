{{ config(materialized='ephemeral') }}

-- What a counter shows less what it showed before. One that falls was changed or turned over: what was used between is
-- not known. Of EK109, art 1 is energy; art 2, volume, is what a meter of water or fuel counts, and of heat no measure.
with ek109 as (
    select
        *,
        energy_code || '-' || art_code || '-' || type_code as series,
        coalesce(counter_kwh, counter_m3, consumption_kwh, consumption_m3) as shown,
        case when coalesce(counter_kwh, consumption_kwh) is null then 'm3' else 'kwh' end as shown_unit,
        lag(coalesce(counter_kwh, counter_m3)) over (
            partition by municipality_code, meter_no, energy_code, art_code, type_code order by read_at
        ) as shown_before,
        lag(read_at) over (
            partition by municipality_code, meter_no, energy_code, art_code, type_code order by read_at
        ) as read_before_at
    from {{ ref('stg_ek109__readings') }}
    where
        read_at is not null
        and (art_code = '1' or (art_code = '2' and carrier in ('water', 'gas', 'oil')))
        and (reading_kind = 'consumption' or (reading_kind = 'counter' and not is_failed))
),

calorific as (
    select
        municipality_code, meter_no, energy_code, read_at,
        max(case unit when 'kwh/m3' then factor when 'mj/m3' then factor / 3.6 end) as kwh_per_unit
    from {{ ref('stg_ek109__readings') }}
    where reading_kind = 'factor'
    group by municipality_code, meter_no, energy_code, read_at
),

openmaint as (
    select
        readings.municipality_code, readings.delivery_id, readings.meter_id, meters.unit, readings.read_date,
        (readings.meter_value - lag(readings.meter_value) over (
            partition by readings.municipality_code, readings.meter_id order by readings.read_date, readings.reading_id
        )) * coalesce(meters.factor, 1) as quantity,
        lag(readings.read_date) over (
            partition by readings.municipality_code, readings.meter_id order by readings.read_date, readings.reading_id
        ) as read_before
    from {{ ref('stg_fm_openmaint__meter_readings') }} as readings
    inner join {{ ref('stg_fm_openmaint__meters') }} as meters using (municipality_code, meter_id)
    where readings.read_date is not null and readings.meter_value is not null
),

spans as (
    select
        ek109.municipality_code, 'ek109' as source, ek109.meter_no as meter_id, ek109.series, ek109.delivery_id,
        cast(case
            when ek109.reading_kind = 'counter' then ek109.read_before_at
            else coalesce(ek109.valid_from_at, ek109.read_before_at, ek109.read_at)
        end as date) as from_date,
        cast(ek109.read_at as date) as until_date,
        case when ek109.reading_kind = 'counter' then ek109.shown - ek109.shown_before else ek109.shown end as quantity,
        ek109.shown_unit as unit, calorific.kwh_per_unit
    from ek109
    left join calorific using (municipality_code, meter_no, energy_code, read_at)
    where ek109.reading_kind = 'consumption' or ek109.read_before_at is not null
    union all
    select
        municipality_code, 'openmaint' as source, meter_id, '' as series, delivery_id,
        read_before as from_date, read_date as until_date, quantity, unit, cast(null as numeric) as kwh_per_unit
    from openmaint
    where read_before is not null
)

select
    municipality_code, source, meter_id, series, delivery_id, from_date, until_date, unit, kwh_per_unit,
    case when quantity >= 0 or series like '%-2' then quantity end as quantity
from spans
