-- Terms of the register over the rolled-up measures, at two levels: the municipality, and each use category in it.
with figures as (
    select years.municipality_code, years.year, figures.key_figure_code, figures.version
    from {{ source('register', 'key_figures') }} as figures
    inner join {{ ref('int_years__observed') }} as years
        on years.year between figures.valid_from and coalesce(figures.valid_to, 9999)
    where ',' || figures.levels || ',' like '%,municipality,%'
),

scopes as (
    select * from {{ source('register', 'key_figure_term_scopes') }}
),

-- A measure of the whole municipality, inhabitants say, is tied to no use category and counts in full at each.
terms as (
    select
        terms.*,
        measures.grain = 'municipality' as is_whole,
        case when scopes.use_categories = 1 then scopes.first_use_category end as only_use_category
    from {{ source('register', 'key_figure_terms') }} as terms
    inner join {{ source('register', 'measures') }} as measures using (measure_code)
    left join (
        select
            key_figure_code, version, part, term_no,
            count(distinct use_category) as use_categories, min(use_category) as first_use_category
        from scopes
        group by key_figure_code, version, part, term_no
    ) as scopes using (key_figure_code, version, part, term_no)
),

by_use_category as (
    select
        rolled.municipality_code, rolled.year, scopes.key_figure_code, scopes.version, scopes.part, scopes.term_no,
        rolled.use_category,
        sum(rolled.amount) as amount,
        sum(rolled.known_rows) as known_rows,
        bit_or(rolled.status_bits) as status_bits
    from {{ ref('int_measures__rolled_up') }} as rolled
    inner join scopes
        on
            rolled.measure_code = scopes.component_code
            and rolled.use_category = scopes.use_category
            and rolled.tenure = scopes.tenure
    group by
        rolled.municipality_code, rolled.year, scopes.key_figure_code, scopes.version, scopes.part, scopes.term_no,
        rolled.use_category
),

asked as (
    select 'municipality' as level, '' as use_category, figures.*
    from figures
    union all
    select distinct 'use_category' as level, by_use_category.use_category, figures.*
    from figures
    inner join by_use_category using (municipality_code, year, key_figure_code, version)
    where by_use_category.use_category <> 'none'
),

summed as (
    select
        asked.*, terms.part, terms.term_no, terms.measure_code, terms.weight, terms.is_required,
        case
            when asked.level = 'municipality' or terms.is_whole then terms.only_use_category else asked.use_category
        end as only_use_category,
        sum(found.amount) as amount,
        coalesce(sum(found.known_rows), 0) as known_rows,
        coalesce(bit_or(found.status_bits), 0) as status_bits
    from asked
    inner join terms using (key_figure_code, version)
    left join by_use_category as found
        on
            asked.municipality_code = found.municipality_code and asked.year = found.year
            and terms.key_figure_code = found.key_figure_code and terms.version = found.version
            and terms.part = found.part and terms.term_no = found.term_no
            and (asked.level = 'municipality' or terms.is_whole or asked.use_category = found.use_category)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
)

select * from summed
