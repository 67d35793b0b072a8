with counts as (
    select municipality_code, institution_no, count_year, delivery_id, pupils as users, 'N_ELEV' as measure_code
    from {{ ref('stg_enrolment__pupils') }}
    union all
    select municipality_code, institution_no, count_year, delivery_id, children as users, 'N_BARN' as measure_code
    from {{ ref('stg_enrolment__children') }}
),

-- Several counts in a year are averaged: children move in and out all year.
yearly as (
    select municipality_code, institution_no, count_year, delivery_id, measure_code, avg(users) as users
    from counts
    where count_year is not null and users is not null
    group by municipality_code, institution_no, count_year, delivery_id, measure_code
),

-- Users of a year are the mean of two years' counts; with only one of them there is no value.
counted as (
    select
        this_year.municipality_code,
        this_year.institution_no,
        this_year.measure_code,
        this_year.delivery_id,
        this_year.count_year as year,
        (this_year.users + last_year.users) / 2 as users
    from yearly as this_year
    inner join yearly as last_year
        on
            this_year.municipality_code = last_year.municipality_code
            and this_year.institution_no = last_year.institution_no
            and this_year.measure_code = last_year.measure_code
            and this_year.count_year = last_year.count_year + 1
)

select * from counted
