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
),

classed as (
    select
        priced.*,
        coalesce(consequences.measure_code, priorities.measure_code, grades.measure_code) as risk_class
    from priced
    left join {{ ref('fm_risk_classes') }} as consequences
        on
            consequences.basis = 'consequence'
            and consequences.value = {{ fold_use('priced.consequence') }}
            and priced.common_condition_grade > consequences.grade_above
            and priced.common_condition_grade <= consequences.grade_to
    left join {{ ref('fm_risk_classes') }} as priorities
        on
            priorities.basis = 'priority'
            and priorities.value = {{ fold_use('priced.priority') }}
            and priced.common_condition_grade > priorities.grade_above
            and priced.common_condition_grade <= priorities.grade_to
    left join {{ ref('fm_risk_classes') }} as grades
        on
            grades.basis = 'grade'
            and priced.common_condition_grade > grades.grade_above
            and priced.common_condition_grade <= grades.grade_to
),

graded as (
    select
        municipality_code, year, building_id,
        max(surveyed_year) as surveyed_year,
        max(delivery_id) as delivery_id,
        -- weighed by amount where every graded part has one, else each part counts the same
        case
            when count(common_condition_grade) = count(case when amount_dkk > 0 then common_condition_grade end)
                then sum(common_condition_grade * amount_dkk) / sum(weight_dkk)
            else avg(cast(common_condition_grade as numeric))
        end as grade,
        -- a part of unknown grade, or a due one without amount: the backlog is not known
        max(case when may_be_due and risk_class is null or due_dkk is null then 1 else 0 end) as lacks_amounts,
        sum(case when risk_class = 'BL_HOEJ' then due_dkk else 0 end) as bl_hoej_dkk,
        sum(case when risk_class = 'BL_BETYDELIG' then due_dkk else 0 end) as bl_betydelig_dkk,
        sum(case when risk_class = 'BL_MODERAT' then due_dkk else 0 end) as bl_moderat_dkk,
        sum(case when risk_class = 'BL_LAV' then due_dkk else 0 end) as bl_lav_dkk
    from classed
    group by municipality_code, year, building_id
)

select * from graded
