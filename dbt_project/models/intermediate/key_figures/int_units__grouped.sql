-- Buildings and properties that have the same inputs are one group: coverage is then worked out for groups, of which
-- there are few. A unit's signature is what its buildings are used for and what is known for each.
with areas as (
    select municipality_code, year, property_id, building_id, use_category, tenure, sum(amount) as area_m2
    from {{ ref('int_measures__unioned') }}
    where measure_code in ('A_BDA', 'A_UDLEJET') and building_id is not null
    group by municipality_code, year, property_id, building_id, use_category, tenure
),

known as (
    select
        areas.*,
        coalesce(own.building_bits, 0) | coalesce(shared.building_bits, 0) as building_bits,
        coalesce(shared.property_bits, 0) as property_bits
    from areas
    left join {{ ref('int_inputs__present') }} as own
        on
            areas.municipality_code = own.municipality_code and areas.year = own.year
            and areas.property_id = own.property_id and areas.building_id = own.building_id
    left join {{ ref('int_inputs__present') }} as shared
        on
            areas.municipality_code = shared.municipality_code and areas.year = shared.year
            and areas.property_id = shared.property_id and shared.building_id = ''
),

units as (
    {%- for unit in ['building', 'property'] %}
    select
        municipality_code, year, '{{ unit }}' as unit, {{ unit }}_id as unit_id,
        use_category, tenure, building_bits, property_bits, sum(area_m2) as area_m2
    from known
    group by municipality_code, year, {{ unit }}_id, use_category, tenure, building_bits, property_bits
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

signed as (
    select
        municipality_code, year, unit, unit_id,
        {{ list_of(
            "use_category || ' ' || tenure || ' ' || building_bits || ' ' || property_bits",
            order="use_category, tenure, building_bits, property_bits"
        ) }} as signature
    from units
    group by municipality_code, year, unit, unit_id
)

select
    units.municipality_code,
    units.year,
    units.unit,
    dense_rank() over (
        partition by units.municipality_code, units.year, units.unit order by signed.signature
    ) as group_no,
    units.use_category,
    units.tenure,
    units.building_bits,
    units.property_bits,
    count(*) as units,
    coalesce(sum(units.area_m2), 0) as area_m2
from units
inner join signed using (municipality_code, year, unit, unit_id)
group by
    units.municipality_code, units.year, units.unit, signed.signature, units.use_category, units.tenure,
    units.building_bits, units.property_bits
