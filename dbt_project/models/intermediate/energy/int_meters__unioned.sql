-- What each series of a meter measures, and which series are of one and the same meter (meter_key).
with eloverblik as (
    select *, {{ carrier_measure('carrier') }} as measure_code from {{ ref('int_metering_points__typed') }}
),

-- The other sources name a metering point by its id or by the number of its meter.
points_by_name as (
    select municipality_code, measure_code, name, min(point_key) as point_key
    from (
        select municipality_code, measure_code, metering_point_id as name, point_key from eloverblik
        union all
        select municipality_code, measure_code, meter_no as name, point_key from eloverblik where not is_child
    ) as names
    group by municipality_code, measure_code, name
),

others as (
    select * from {{ ref('int_meters__listed') }}
),

unioned as (
    select
        municipality_code, 'eloverblik' as source, metering_point_id as meter_id, series,
        10 + case when is_child then 2 else 0 end + case when series like '%/year' then 1 else 0 end as source_rank,
        meter_no, cast(null as text) as installation_no, measure_code, carrier,
        cast(null as text) as property_no, cast(null as text) as building_no, dar_id, cast(null as text) as unit,
        delivery_id, point_key
    from eloverblik
    union all
    select
        others.municipality_code, others.source, others.meter_id, others.series, others.source_rank, others.meter_no,
        others.installation_no, {{ carrier_measure('others.carrier') }} as measure_code, others.carrier,
        others.property_no, others.building_no, cast(null as text) as dar_id, others.unit, others.delivery_id,
        coalesce(named.point_key, {{ without_leading_zeros('others.meter_no') }}, others.meter_id) as point_key
    from others
    left join points_by_name as named
        on
            others.municipality_code = named.municipality_code
            and others.meter_no = named.name
            and {{ carrier_measure('others.carrier') }} = named.measure_code
),

keyed as (
    select
        *,
        measure_code || case when carrier = 'electricity_sold' then ' sold ' else ' ' end || point_key as meter_key,
        measure_code || ' ' || coalesce('installation ' || installation_no, point_key) as installation_key,
        case when property_no is null then 1 else 0 end as is_unplaced
    from unioned
)

-- A list of meters says where a meter stands whichever source its readings are from.
select
    municipality_code, source, meter_id, series, source_rank, meter_no, carrier, measure_code, meter_key,
    installation_key, dar_id, unit, delivery_id,
    first_value(property_no) over (
        partition by municipality_code, meter_key order by is_unplaced, source_rank, meter_id, series
    ) as property_no,
    first_value(building_no) over (
        partition by municipality_code, meter_key order by is_unplaced, source_rank, meter_id, series
    ) as building_no
from keyed
