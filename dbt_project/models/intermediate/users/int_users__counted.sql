with places as (
    select * from {{ ref('int_places__yearly') }} where building_no = ''
),

-- Statistics know schools that are not the municipality's: they count where a link says that they stand in a property.
institutions as (
    select
        counts.municipality_code, counts.year, links.property_no, counts.delivery_id, counts.measure_code,
        counts.users * coalesce(links.share, 1) as users
    from {{ ref('int_institutions__counted') }} as counts
    left join {{ source('register', 'property_links') }} as links
        on
            counts.municipality_code = links.municipality_code
            and counts.institution_no = links.source_key
            and counts.year between links.valid_from and links.valid_to
            and links.link_type = 'institution'
    where counts.count_source = 'own' or links.property_no is not null
),

users as (
    select * from institutions
    union all
    select * from {{ ref('int_seats__counted') }}
    union all
    select * from {{ ref('int_stops__counted') }}
    union all
    select rooms.municipality_code, years.year, rooms.property_no, rooms.delivery_id, rooms.measure_code, rooms.users
    from {{ ref('int_classrooms__counted') }} as rooms
    inner join {{ ref('int_years__observed') }} as years using (municipality_code)
    union all
    select
        municipality_code, year, cast(null as text) as property_no, delivery_id, 'N_INDB' as measure_code,
        inhabitants as users
    from {{ ref('int_inhabitants__counted') }}
),

counted as (
    select
        users.municipality_code, users.year, users.measure_code, places.property_id,
        coalesce(places.use_category, 'none') as use_category,
        coalesce(places.tenure, 'none') as tenure,
        users.delivery_id,
        sum(users.users * coalesce(places.share, 1)) as amount,
        count(*) as source_rows
    from users
    inner join {{ ref('int_years__observed') }} as years using (municipality_code, year)
    left join places using (municipality_code, year, property_no)
    where users.measure_code <> 'N_AARSV_ADM' or places.use_category = 'administration'
    group by
        users.municipality_code, users.year, users.measure_code, places.property_id, places.use_category,
        places.tenure, users.delivery_id
),

-- A school or a daycare centre has users: without counts they are missing, not none.
missing as (
    select
        places.municipality_code, places.year,
        case when places.use_category = 'school' then 'N_ELEV' else 'N_BARN' end as measure_code,
        places.property_id, places.use_category, places.tenure,
        cast(null as bigint) as delivery_id,
        cast(null as numeric) as amount,
        0 as source_rows
    from places
    left join counted
        on
            places.property_id = counted.property_id
            and places.year = counted.year
            and counted.measure_code = case when places.use_category = 'school' then 'N_ELEV' else 'N_BARN' end
    where places.use_category in ('school', 'daycare') and counted.property_id is null
)

select *, '' as status_code from counted
union all
select *, 'x' as status_code from missing
