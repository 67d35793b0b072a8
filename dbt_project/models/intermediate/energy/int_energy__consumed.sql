with links as (
    select * from {{ source('register', 'property_links') }} where link_type = 'meter'
),

-- A municipality's own link comes before the meter master; a meter that stands nowhere counts for the municipality.
placed as (
    select
        metered.*,
        coalesce(links.share, 1) as share,
        properties.property_id,
        case when links.link_no is null then buildings.building_id end as building_id,
        coalesce(properties.use_category, 'none') as use_category,
        coalesce(buildings.tenure, properties.tenure, 'none') as tenure
    from {{ ref('int_energy__metered') }} as metered
    left join links
        on
            metered.municipality_code = links.municipality_code
            and metered.meter_no = links.source_key
            and metered.year between links.valid_from and links.valid_to
    left join {{ ref('int_properties__classified') }} as properties
        on
            metered.municipality_code = properties.municipality_code
            and properties.property_no = coalesce(links.property_no, metered.property_no)
    left join {{ ref('int_buildings__classified') }} as buildings
        on
            properties.municipality_code = buildings.municipality_code
            and properties.property_id = buildings.property_id
            and metered.building_no = buildings.building_no
            and links.link_no is null
),

consumed as (
    select
        municipality_code, delivery_id, year, measure_code, property_id, building_id, use_category, tenure,
        sum(quantity * share) as amount,
        sum(source_rows) as source_rows,
        case when count(quantity) = count(*) then '' else 'x' end as status_code
    from placed
    group by municipality_code, delivery_id, year, measure_code, property_id, building_id, use_category, tenure
)

select
    municipality_code, delivery_id, year, measure_code, property_id, building_id, use_category, tenure,
    case when status_code = '' then amount end as amount,
    source_rows,
    status_code
from consumed
