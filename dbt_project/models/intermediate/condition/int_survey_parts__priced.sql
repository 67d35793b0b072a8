{{ config(materialized='ephemeral') }}

-- Of every building part the newest survey up to the end of the year counts; a survey without a date counts nowhere.
with surveyed as (
    select
        surveys.*,
        buildings.building_id,
        years.year,
        {{ year_of('surveys.surveyed_date') }} as surveyed_year,
        rank() over (
            partition by
                surveys.municipality_code, years.year, buildings.building_id, surveys.part_code,
                surveys.part_classification
            order by surveys.surveyed_date desc
        ) as newest_no
    from {{ ref('stg_fm_files__condition_surveys') }} as surveys
    inner join {{ ref('int_properties__classified') }} as properties using (municipality_code, property_no)
    inner join {{ ref('int_buildings__classified') }} as buildings
        on
            properties.municipality_code = buildings.municipality_code
            and properties.property_id = buildings.property_id
            and surveys.building_no = buildings.building_no
    inner join {{ ref('int_years__observed') }} as years
        on
            surveys.municipality_code = years.municipality_code
            and {{ year_of('surveys.surveyed_date') }} <= years.year
),

-- Amounts are in prices of the survey's year. Due is a part below the agreed condition; one of unknown grade may be.
priced as (
    select
        surveyed.*,
        coalesce(surveyed.common_condition_grade > 1, coalesce(surveyed.amount_dkk, 1) <> 0) as may_be_due,
        case when surveyed.common_condition_grade is not null then surveyed.amount_dkk end as weight_dkk,
        case
            when surveyed.common_condition_grade <= 1 then 0
            when surveyed.surveyed_year = surveyed.year then surveyed.amount_dkk
            else surveyed.amount_dkk * target.price_index / source.price_index
        end as due_dkk
    from surveyed
    left join {{ ref('int_prices__indexed') }} as target
        on target.measure_code = 'BL' and surveyed.year = target.year
    left join {{ ref('int_prices__indexed') }} as source
        on source.measure_code = 'BL' and surveyed.surveyed_year = source.year
    where surveyed.newest_no = 1
)

select * from priced
