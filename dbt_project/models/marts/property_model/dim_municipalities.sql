with newest_counts as (
    select
        municipality_code,
        inhabitants,
        row_number() over (partition by municipality_code order by year desc) as age_no
    from {{ ref('int_inhabitants__counted') }}
),

properties as (
    select municipality_code, count(*) as properties
    from {{ ref('int_properties__classified') }}
    group by municipality_code
),

buildings as (
    select municipality_code, count(*) as buildings
    from {{ ref('int_buildings__classified') }}
    group by municipality_code
)

select
    municipalities.municipality_code,
    'property_model' as topic,
    0 as year,
    municipalities.name,
    cast(newest_counts.inhabitants as integer) as inhabitants,
    cast(coalesce(properties.properties, 0) as integer) as properties,
    cast(coalesce(buildings.buildings, 0) as integer) as buildings
from {{ source('register', 'municipalities') }} as municipalities
left join newest_counts
    on municipalities.municipality_code = newest_counts.municipality_code and newest_counts.age_no = 1
left join properties on municipalities.municipality_code = properties.municipality_code
left join buildings on municipalities.municipality_code = buildings.municipality_code
