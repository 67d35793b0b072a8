-- What a property is used for and how it is held: what the municipality says of it, else what the FM system says, else
-- what its buildings say. The columns that begin with base_ are what holds on days without a period.
with ranked as (
    select
        linked.municipality_code,
        linked.property_id,
        linked.fm_use_category,
        bbr_uses.use_category as bbr_use_category,
        row_number() over (
            partition by linked.municipality_code, linked.property_id
            order by coalesce(linked.bbr_area_m2, linked.fm_area_m2, 0) desc, linked.building_id
        ) as size_no
    from {{ ref('int_buildings__linked') }} as linked
    left join {{ ref('bbr_building_uses') }} as bbr_uses on linked.bbr_use_code = bbr_uses.use_code
),

tenures as (
    select municipality_code, property_id, min(tenure) as tenure
    from {{ ref('int_buildings__linked') }}
    group by municipality_code, property_id
    having min(tenure) = max(tenure)
),

classified as (
    select
        properties.municipality_code,
        properties.property_id,
        properties.property_no,
        properties.bfe_number,
        properties.name,
        coalesce(
            properties.use_category, largest.fm_use_category, largest.bbr_use_category, 'other'
        ) as base_use_category,
        coalesce(properties.tenure, tenures.tenure, 'owned') as base_tenure,
        case
            when periods.use_category is not null then 'period'
            when properties.use_category is not null then 'fm_property'
            when largest.fm_use_category is not null then 'fm_building'
            when largest.bbr_use_category is not null then 'bbr'
            else 'none'
        end as use_source,
        case
            when properties.tenure is not null then 'fm_property'
            when tenures.tenure is not null then 'fm_building'
            else 'none'
        end as base_tenure_source,
        periods.use_category as period_use_category,
        periods.tenure as period_tenure,
        properties.delivery_id
    from {{ ref('int_properties__unioned') }} as properties
    left join ranked as largest
        on
            properties.municipality_code = largest.municipality_code
            and properties.property_id = largest.property_id
            and largest.size_no = 1
    left join tenures
        on properties.municipality_code = tenures.municipality_code and properties.property_id = tenures.property_id
    left join {{ ref('int_property_periods__placed') }} as periods
        on
            properties.municipality_code = periods.municipality_code
            and properties.property_id = periods.property_id
            and periods.building_key = ''
            and periods.valid_to is null
)

-- A property that was given up keeps the tenure it had: what is still booked on it belongs somewhere.
select
    *,
    coalesce(period_use_category, base_use_category) as use_category,
    coalesce(nullif(period_tenure, 'none'), base_tenure) as tenure
from classified
