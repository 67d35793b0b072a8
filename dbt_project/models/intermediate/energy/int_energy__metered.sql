with readings as (
    select
        municipality_code, delivery_id, meter_no, year, unit, sum(quantity) as quantity, count(*) as source_rows
    from {{ ref('stg_energy__readings') }}
    where year is not null
    group by municipality_code, delivery_id, meter_no, year, unit
),

meters as (
    select
        *,
        case
            when carrier in ('el', 'elektricitet', 'electricity') then 'Q_EL'
            when carrier in ('varme', 'fjernvarme', 'centralvarme', 'heat', 'district heating') then 'Q_VARME'
            when carrier in ('vand', 'water') then 'Q_VAND'
        end as measure_code
    from {{ ref('stg_energy__meters') }}
),

-- Quantities in kWh and m3; a unit that is neither leaves the quantity missing.
metered as (
    select
        readings.municipality_code, readings.delivery_id, readings.meter_no, readings.year, readings.source_rows,
        meters.measure_code, meters.property_no, meters.building_no,
        case
            when meters.measure_code = 'Q_VAND'
                then case when coalesce(readings.unit, meters.unit) in ('m3', 'm³') then readings.quantity end
            when coalesce(readings.unit, meters.unit) = 'kwh' then readings.quantity
            when coalesce(readings.unit, meters.unit) = 'mwh' then readings.quantity * 1000
            when coalesce(readings.unit, meters.unit) = 'gj' then readings.quantity / 0.0036
        end as quantity
    from readings
    inner join meters using (municipality_code, meter_no)
    where meters.measure_code is not null
)

select * from metered
