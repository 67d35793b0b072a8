-- A measure of buildings that is only known for a property as a whole counts for each of its buildings: building_id ''.
with needs as (
    select distinct component_code, known_per, need_code, need_bit, kind from {{ ref('int_key_figure_needs__listed') }}
),

known as (
    select
        measures.municipality_code,
        measures.year,
        measures.property_id,
        case when needs.known_per = 'building' then coalesce(measures.building_id, '') else '' end as building_id,
        case when needs.known_per = 'building' then needs.need_bit else 0 end as building_bit,
        case when needs.known_per = 'property' then needs.need_bit else 0 end as property_bit
    from {{ ref('int_measures__unioned') }} as measures
    inner join needs on measures.measure_code = needs.component_code
    where
        measures.property_id is not null
        and measures.amount is not null
        and (needs.need_code <> 'cost' or measures.amount <> 0)
)

select
    municipality_code,
    year,
    property_id,
    building_id,
    bit_or(building_bit) as building_bits,
    bit_or(property_bit) as property_bits
from known
group by municipality_code, year, property_id, building_id
