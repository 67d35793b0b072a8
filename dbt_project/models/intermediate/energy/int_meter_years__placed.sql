-- A municipality's own link comes before the lists of meters, and those before the address; a meter that stands nowhere
-- counts for the municipality. What a meter measures is spread over the uses of its property in the year.
with counted as (
    select
        *,
        case
            when (municipality_code, meter_id) in (
                select municipality_code, source_key
                from {{ source('register', 'property_links') }}
                where link_type = 'meter'
            ) then meter_id
            else meter_no
        end as link_key
    from {{ ref('int_meter_years__summed') }}
    where left_out_reason is null
),

places as (
    select
        counted.*,
        coalesce(links.share, 1) as link_share,
        coalesce(named.property_id, addresses.property_id) as place_id,
        case
            when links.link_no is not null then null
            when named.property_id is not null then buildings.building_id
            else addresses.building_id
        end as building_id,
        case
            when links.link_no is not null then 'link'
            when named.property_id is not null then 'list'
            when addresses.property_id is not null then 'address'
            else 'none'
        end as place_method
    from counted
    left join {{ source('register', 'property_links') }} as links
        on
            counted.municipality_code = links.municipality_code
            and counted.link_key = links.source_key
            and links.link_type = 'meter'
            and counted.year between links.valid_from and links.valid_to
    left join {{ ref('int_properties__classified') }} as named
        on
            counted.municipality_code = named.municipality_code
            and named.property_no = coalesce(links.property_no, counted.property_no)
    left join {{ ref('int_buildings__classified') }} as buildings
        on
            named.municipality_code = buildings.municipality_code
            and named.property_id = buildings.property_id
            and counted.building_no = buildings.building_no
    left join {{ ref('int_addresses__built') }} as addresses
        on
            counted.municipality_code = addresses.municipality_code
            and counted.dar_id = addresses.dar_id
            and links.link_no is null
)

-- A building that did not stand in a year, as far as is known, had the use that it has today.
select
    places.municipality_code, places.year, places.source, places.meter_id, places.series, places.meter_key,
    places.installation_key, places.carrier, places.measure_code, places.place_id as property_id, places.building_id,
    coalesce(uses.use_category, buildings.use_category, properties.use_category, 'none') as use_category,
    coalesce(uses.tenure, buildings.tenure, properties.tenure, 'none') as tenure,
    places.place_method, places.days, places.days_in_year, places.source_rows, places.delivery_id, places.status_code,
    places.missing_reason,
    places.link_share * coalesce(uses.share, 1) as share,
    places.quantity * places.link_share * coalesce(uses.share, 1)
    * case when places.carrier = 'electricity_sold' then -1 else 1 end as amount
from places
left join {{ ref('int_place_uses__shared') }} as uses
    on
        places.municipality_code = uses.municipality_code
        and places.year = uses.year
        and places.place_id = uses.property_id
        and coalesce(places.building_id, '') = uses.building_key
left join {{ ref('int_buildings__classified') }} as buildings
    on places.municipality_code = buildings.municipality_code and places.building_id = buildings.building_id
left join {{ ref('int_properties__classified') }} as properties
    on places.municipality_code = properties.municipality_code and places.place_id = properties.property_id
