{{ config(materialized='ephemeral') }}

-- The survey's consequence decides the risk class of a due part, else its priority, else its grade alone.
with classed as (
    select
        priced.*,
        coalesce(consequences.measure_code, priorities.measure_code, grades.measure_code) as risk_class
    from {{ ref('int_survey_parts__priced') }} as priced
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
