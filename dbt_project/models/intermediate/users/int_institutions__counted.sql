with counts as (
    select
        municipality_code, institution_no, count_year, delivery_id, pupils as users, 'N_ELEV' as measure_code,
        'own' as count_source
    from {{ ref('stg_enrolment__pupils') }}
    union all
    select
        municipality_code, institution_no, count_year, delivery_id, children as users, 'N_BARN' as measure_code,
        'own' as count_source
    from {{ ref('stg_enrolment__children') }}
    union all
    -- A school year is counted in the autumn it starts in.
    select
        municipality_code, institution_no, start_year as count_year, delivery_id, pupils as users,
        'N_ELEV' as measure_code, 'stil' as count_source
    from {{ ref('stg_stil__pupils') }}
    where municipality_code <> '0000'
),

-- Several counts in a year are averaged: children move in and out all year. The municipality's own come first.
yearly as (
    select
        municipality_code, institution_no, count_year, delivery_id, measure_code, count_source, avg(users) as users,
        row_number() over (
            partition by municipality_code, institution_no, count_year, measure_code
            order by case when count_source = 'own' then 1 else 2 end, delivery_id desc
        ) as choice_no
    from counts
    where count_year is not null and users is not null
    group by municipality_code, institution_no, count_year, delivery_id, measure_code, count_source
),

-- Users of a year are the mean of two years' counts; with only one of them there is no value.
counted as (
    select
        this_year.municipality_code,
        this_year.institution_no,
        this_year.measure_code,
        this_year.delivery_id,
        this_year.count_source,
        this_year.count_year as year,
        (this_year.users + last_year.users) / 2 as users
    from yearly as this_year
    inner join yearly as last_year
        on
            this_year.municipality_code = last_year.municipality_code
            and this_year.institution_no = last_year.institution_no
            and this_year.measure_code = last_year.measure_code
            and this_year.count_year = last_year.count_year + 1
            and last_year.choice_no = 1
    where this_year.choice_no = 1
)

select * from counted
