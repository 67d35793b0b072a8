with institutions as (
    select
        counts.municipality_code,
        counts.year,
        counts.measure_code,
        counts.delivery_id,
        properties.property_id,
        coalesce(properties.use_category, 'none') as use_category,
        coalesce(properties.tenure, 'none') as tenure,
        counts.users * coalesce(links.share, 1) as amount
    from {{ ref('int_institutions__counted') }} as counts
    inner join {{ ref('int_years__observed') }} as years using (municipality_code, year)
    left join {{ source('register', 'property_links') }} as links
        on
            counts.municipality_code = links.municipality_code
            and counts.institution_no = links.source_key
            and counts.year between links.valid_from and links.valid_to
            and links.link_type = 'institution'
    left join {{ ref('int_properties__classified') }} as properties
        on links.municipality_code = properties.municipality_code and links.property_no = properties.property_no
),

inhabitants as (
    select
        counts.municipality_code,
        years.year,
        'N_INDB' as measure_code,
        counts.delivery_id,
        cast(null as text) as property_id,
        'none' as use_category,
        'none' as tenure,
        cast(counts.inhabitants as numeric) as amount
    from {{ ref('int_inhabitants__counted') }} as counts
    inner join {{ ref('int_years__observed') }} as years using (municipality_code, year)
),

counted as (
    select
        municipality_code, year, measure_code, property_id, use_category, tenure, delivery_id,
        sum(amount) as amount,
        count(*) as source_rows
    from (
        select * from institutions
        union all
        select * from inhabitants
    ) as users
    group by municipality_code, year, measure_code, property_id, use_category, tenure, delivery_id
),

-- A school or a daycare centre has users: without counts they are missing, not none.
missing as (
    select
        properties.municipality_code,
        years.year,
        case when properties.use_category = 'school' then 'N_ELEV' else 'N_BARN' end as measure_code,
        properties.property_id,
        properties.use_category,
        properties.tenure,
        cast(null as bigint) as delivery_id,
        cast(null as numeric) as amount,
        0 as source_rows
    from {{ ref('int_properties__classified') }} as properties
    inner join {{ ref('int_years__observed') }} as years using (municipality_code)
    left join counted
        on
            properties.property_id = counted.property_id
            and years.year = counted.year
            and counted.measure_code = case when properties.use_category = 'school' then 'N_ELEV' else 'N_BARN' end
    where properties.use_category in ('school', 'daycare') and counted.property_id is null
)

select *, '' as status_code from counted
union all
select *, 'x' as status_code from missing
