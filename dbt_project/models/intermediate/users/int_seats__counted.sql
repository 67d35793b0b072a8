{{ config(materialized='ephemeral') }}

-- Of a property, or each of its buildings where they are counted apart, the newest count of the year.
with counts as (
    select
        *,
        {{ year_of('counted_date') }} as year,
        rank() over (
            partition by municipality_code, property_no, building_no, {{ year_of('counted_date') }}
            order by counted_date desc
        ) as newest_no
    from {{ ref('stg_fm_files__workplaces') }}
    where counted_date is not null
),

counted as (
    select municipality_code, year, property_no, delivery_id, 'N_ARBPL' as measure_code, workplaces as users
    from counts
    where newest_no = 1 and workplaces is not null
    union all
    select municipality_code, year, property_no, delivery_id, 'N_AARSV_ADM' as measure_code, employees as users
    from counts
    where newest_no = 1 and employees is not null
)

select * from counted
