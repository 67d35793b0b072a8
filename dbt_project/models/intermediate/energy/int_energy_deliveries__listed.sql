{{ config(materialized='ephemeral') }}

-- Which deliveries of readings are behind which measure.
select
    placed.municipality_code, placed.year, placed.use_category, measures.measure_code, spans.delivery_id,
    spans.source_rows
from {{ ref('int_meter_years__placed') }} as placed
inner join {{ ref('int_meter_spans__summed') }} as spans using (municipality_code, year, source, meter_id, series)
inner join (
    {%- for metered, measures in {
        'Q_EL': ['Q_EL', 'Q_VE', 'Q_CO2E', 'A_OPV_DATA'],
        'Q_VARME': ['Q_VARME', 'Q_VARME_K', 'Q_VE', 'Q_CO2E', 'A_OPV_DATA'],
        'Q_KOEL': ['Q_KOEL', 'Q_KOEL_EKV', 'Q_VE', 'Q_CO2E'],
        'Q_EL_EGEN': ['Q_EL_EGEN', 'Q_VE'],
        'Q_VAND': ['Q_VAND'],
    }.items() %}
    {%- set is_last_metered = loop.last %}
    {%- for measure in measures %}
    select '{{ metered }}' as metered_code, '{{ measure }}' as measure_code
    {%- if not (is_last_metered and loop.last) %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
) as measures on placed.measure_code = measures.metered_code
where placed.property_id is not null or measures.measure_code <> 'A_OPV_DATA'
union all
-- and the factors they were multiplied by
select
    municipality_code,
    year,
    use_category,
    'Q_VARME_K' as measure_code,
    degree_delivery_id as delivery_id,
    1 as source_rows
from {{ ref('int_heat__corrected') }}
where missing_reason is null
union all
select
    placed.municipality_code,
    placed.year,
    placed.use_category,
    'Q_CO2E' as measure_code,
    factors.delivery_id,
    1 as source_rows
from {{ ref('int_meter_years__placed') }} as placed
inner join {{ ref('int_emission_factors__chosen') }} as factors using (municipality_code, year, carrier)
where placed.measure_code in ('Q_EL', 'Q_VARME', 'Q_KOEL')
