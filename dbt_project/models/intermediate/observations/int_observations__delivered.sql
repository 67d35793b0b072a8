with observations as (
    select * from {{ ref('int_observations__judged') }} where reason is null
),

delivered as (
    select
        observations.municipality_code,
        observations.year,
        places.property_id,
        places.building_id,
        places.use_category,
        places.tenure,
        observations.measure_code,
        sum(observations.amount * places.share) as amount,
        '' as status_code,
        observations.delivery_id
    from observations
    inner join {{ ref('int_places__yearly') }} as places
        on
            observations.municipality_code = places.municipality_code
            and observations.year = places.year
            and observations.property_no = places.property_no
            and observations.counted_no = places.building_no
    group by
        observations.municipality_code, observations.year, places.property_id, places.building_id,
        places.use_category, places.tenure, observations.measure_code, observations.delivery_id
)

select * from delivered
