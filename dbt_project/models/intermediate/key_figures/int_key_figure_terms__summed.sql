-- Terms of the register over the rolled-up measures, at two levels: the municipality, and each use category in it.
with scopes as (select * from {{ source('register', 'key_figure_term_scopes') }}),

-- A measure of the whole municipality, inhabitants say, is tied to no use category and counts in full at each. Terms
-- are numbered: half a million rows are grouped by one number faster than by four texts.
terms as (
    select
        terms.*, figures.valid_from, coalesce(figures.valid_to, 9999) as valid_to,
        measures.grain = 'municipality' as is_whole,
        case when uses.use_categories = 1 then uses.first_use_category end as only_use_category,
        row_number() over (order by key_figure_code, version, part, term_no) as term_id
    from {{ source('register', 'key_figure_terms') }} as terms
    inner join {{ source('register', 'key_figures') }} as figures using (key_figure_code, version)
    inner join {{ source('register', 'measures') }} as measures using (measure_code)
    left join (
        select
            key_figure_code, version, part, term_no,
            count(distinct use_category) as use_categories, min(use_category) as first_use_category
        from scopes
        group by key_figure_code, version, part, term_no
    ) as uses using (key_figure_code, version, part, term_no)
    where position('municipality' in figures.levels) > 0
),

by_use_category as (
    select
        rolled.municipality_code, rolled.year, rolled.use_category, terms.term_id,
        sum(rolled.amount) as amount,
        sum(rolled.known_rows) as known_rows,
        bit_or(rolled.status_bits) as status_bits
    from {{ ref('int_measures__rolled_up') }} as rolled
    inner join scopes
        on
            rolled.measure_code = scopes.component_code
            and rolled.use_category = scopes.use_category
            and rolled.tenure = scopes.tenure
    inner join terms using (key_figure_code, version, part, term_no)
    group by rolled.municipality_code, rolled.year, rolled.use_category, terms.term_id
),

-- Each use category of a municipality is asked for the figures that have it in their filter.
asked as (
    select years.municipality_code, years.year, '' as use_category, terms.term_id
    from {{ ref('int_years__observed') }} as years
    inner join terms on years.year between terms.valid_from and terms.valid_to
    union all
    select found.municipality_code, found.year, found.use_category, terms.term_id
    from (select distinct municipality_code, year, use_category from {{ ref('int_measures__rolled_up') }}) as found
    inner join {{ ref('int_years__observed') }} as years using (municipality_code, year)
    inner join (
        select distinct key_figure_code, version, use_category from scopes where use_category <> 'none'
    ) as filters using (use_category)
    inner join terms using (key_figure_code, version)
    where found.year between terms.valid_from and terms.valid_to
),

sums as (
    select * from by_use_category
    union all
    select
        municipality_code, year, '' as use_category, term_id,
        sum(amount) as amount, sum(known_rows) as known_rows, bit_or(status_bits) as status_bits
    from by_use_category
    group by municipality_code, year, term_id
)

select
    asked.municipality_code, asked.year, asked.use_category,
    case when asked.use_category = '' then 'municipality' else 'use_category' end as level,
    terms.key_figure_code, terms.version, terms.part, terms.term_no, terms.measure_code, terms.weight,
    terms.is_required,
    case when asked.use_category = '' or terms.is_whole then terms.only_use_category else asked.use_category end
        as only_use_category,
    sums.amount, coalesce(sums.known_rows, 0) as known_rows, coalesce(sums.status_bits, 0) as status_bits
from asked
inner join terms using (term_id)
left join sums
    on
        asked.municipality_code = sums.municipality_code and asked.year = sums.year and asked.term_id = sums.term_id
        and sums.use_category = case when terms.is_whole then '' else asked.use_category end
