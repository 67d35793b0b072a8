with figures as (
    select years.municipality_code, years.year, figures.key_figure_code, figures.version
    from {{ source('register', 'key_figures') }} as figures
    inner join {{ ref('int_years__observed') }} as years
        on years.year between figures.valid_from and coalesce(figures.valid_to, 9999)
    where ',' || figures.levels || ',' like '%,municipality,%'
),

terms as (
    select * from {{ source('register', 'key_figure_terms') }}
),

scopes as (
    select * from {{ source('register', 'key_figure_term_scopes') }}
),

summed as (
    select
        figures.municipality_code,
        figures.year,
        figures.key_figure_code,
        figures.version,
        terms.part,
        terms.term_no,
        terms.measure_code,
        terms.weight,
        terms.is_required,
        sum(rolled.amount) as amount,
        coalesce(sum(rolled.known_rows), 0) as known_rows,
        case when count(distinct scopes.use_category) = 1 then min(scopes.use_category) end as only_use_category
    from figures
    inner join terms using (key_figure_code, version)
    inner join scopes using (key_figure_code, version, part, term_no)
    left join {{ ref('int_measures__rolled_up') }} as rolled
        on
            figures.municipality_code = rolled.municipality_code
            and figures.year = rolled.year
            and scopes.component_code = rolled.measure_code
            and scopes.use_category = rolled.use_category
            and scopes.tenure = rolled.tenure
            and rolled.level = 'municipality'
    group by
        figures.municipality_code, figures.year, figures.key_figure_code, figures.version, terms.part, terms.term_no,
        terms.measure_code, terms.weight, terms.is_required
)

select * from summed
