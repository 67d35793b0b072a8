{{ config(materialized='ephemeral') }}

-- Costs follow the property's uses of the newest year, an owned area the uses of what is owned in it.
with places as (
    select municipality_code, year, property_id, use_category, tenure, share, 'C' as kind
    from {{ ref('int_places__yearly') }}
    where building_no = ''
    union all
    select
        municipality_code, year, property_id, use_category, tenure,
        coalesce(
            sum(amount) / nullif(sum(sum(amount)) over (partition by municipality_code, year, property_id), 0),
            1.0 / count(*) over (partition by municipality_code, year, property_id)
        ) as share,
        'A' as kind
    from {{ ref('int_areas__measured') }}
    where measure_code = 'A_EJET'
    group by municipality_code, year, property_id, use_category, tenure
)

select * from places
