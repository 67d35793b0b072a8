{{ config(materialized='ephemeral') }}

-- Energy in kWh and water in m3. Fuel by volume or mass takes the calorific value that came with it, else the declared
-- one; without either the quantity is unknown.
with converted as (
    select
        spans.municipality_code, spans.source, spans.meter_id, spans.series, spans.year, spans.delivery_id,
        spans.days, spans.source_rows, spans.missing_rows, spans.estimated_rows,
        meters.meter_no, meters.carrier, meters.measure_code, meters.meter_key, meters.installation_key,
        meters.source_rank, meters.property_no, meters.building_no, meters.dar_id,
        meters.meter_id is not null as has_master,
        spans.quantity as delivered_quantity,
        case
            when
                meters.measure_code = 'Q_VAND'
                then {{ volume_in_m3('spans.quantity', 'coalesce(spans.unit, meters.unit)') }}
            else coalesce(
                {{ energy_in_kwh('spans.quantity', 'coalesce(spans.unit, meters.unit)') }},
                spans.quantity * coalesce(spans.kwh_per_unit, calorific.kwh_per_unit)
            )
        end as quantity
    from {{ ref('int_meter_spans__summed') }} as spans
    left join {{ ref('int_meters__unioned') }} as meters using (municipality_code, source, meter_id, series)
    left join {{ ref('calorific_values') }} as calorific
        on
            meters.carrier = calorific.carrier
            and coalesce(spans.unit, meters.unit) = calorific.unit
            and spans.year between calorific.valid_from and coalesce(calorific.valid_to, 9999)
)

select * from converted
