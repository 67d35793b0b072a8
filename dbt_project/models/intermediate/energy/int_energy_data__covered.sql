{{ config(materialized='ephemeral') }}

-- Heated area with energy data, of a municipality that delivers energy.
with years as (
    select distinct municipality_code, year from {{ ref('int_meter_years__placed') }}
),

installations as (
    select
        municipality_code, year, property_id, building_id, installation_key,
        max(days_in_year) as days_in_year, sum(days) as days, max(delivery_id) as delivery_id
    from (
        select distinct
            municipality_code, year, property_id, building_id, installation_key, meter_id, series, days_in_year,
            delivery_id, case when status_code = 'x' then 0 else days end as days
        from {{ ref('int_meter_years__placed') }}
        where measure_code in ('Q_EL', 'Q_VARME') and property_id is not null
    ) as meters
    group by municipality_code, year, property_id, building_id, installation_key
),

-- Every energy meter of a building must have data: its own and those of the property as a whole.
covered as (
    select
        areas.municipality_code, areas.year, areas.property_id, areas.building_id, areas.use_category, areas.tenure,
        max(areas.amount) as heated_m2, max(areas.status_code) as status_code,
        coalesce(min(
            case
                when installations.days < installations.days_in_year
                    then
                        installations.days * 1.0
                        / installations.days_in_year
                else 1
            end
        ), 0) as share,
        count(installations.installation_key) as meters, max(installations.delivery_id) as delivery_id
    from {{ ref('int_areas__measured') }} as areas
    inner join years using (municipality_code, year)
    left join installations
        on
            areas.municipality_code = installations.municipality_code
            and areas.year = installations.year
            and areas.property_id = installations.property_id
            and (installations.building_id is null or areas.building_id = installations.building_id)
    where areas.measure_code = 'A_OPV'
    group by
        areas.municipality_code, areas.year, areas.property_id, areas.building_id, areas.use_category, areas.tenure
)

select
    municipality_code, year, property_id, building_id, use_category, tenure, 'A_OPV_DATA' as measure_code,
    case when meters = 0 then 0 else heated_m2 * share end as amount,
    case when meters = 0 then '' else status_code end as status_code,
    delivery_id
from covered
