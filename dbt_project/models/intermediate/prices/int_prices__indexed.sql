with bases as (
    select *
    from (
        select *, row_number() over (partition by measure_code order by version desc) as version_no
        from {{ ref('factors_price_bases') }}
    ) as numbered
    where version_no = 1
),

-- A year that is not complete has no level: a mean of three quarters is another figure.
published as (
    select 'byg43' as index_source, year, avg(cost_index) as price_index
    from {{ ref('stg_statbank__byg43') }}
    where
        municipality_code = '0000' and main_index_code = '1' and part_index_code = '10000'
        and cost_type_code = '1002' and figure_code = '100'
    group by year
    having count(cost_index) = 4
    union all
    select 'pris113' as index_source, year, avg(price_index) as price_index
    from {{ ref('stg_statbank__pris113') }}
    where municipality_code = '0000' and index_type_code = 'INDEKS'
    group by year
    having count(price_index) = 12
),

changes as (
    select
        bases.measure_code,
        indices.year_to as year,
        indices.change_pct,
        row_number() over (
            partition by bases.measure_code, indices.year_to order by indices.vintage desc, indices.delivery_id desc
        ) as vintage_no
    from bases
    inner join {{ ref('stg_factors__price_indices') }} as indices
        on
            bases.source_name = indices.source_name
            and bases.art_group = indices.art_group
            and (bases.vintage is null or bases.vintage = indices.vintage)
    where
        bases.index_source = 'price_index' and indices.municipality_code = '0000'
        and indices.year_to = indices.year_from + 1 and indices.change_pct > -100
),

-- The year before the first change is 100; after a gap the chain has no level.
chained as (
    select
        measure_code,
        year,
        round(cast(100 * exp(sum(ln(1 + change_pct / 100.0)) over (
            partition by measure_code order by year
        )) as numeric), 10) as price_index,
        year - min(year) over (partition by measure_code)
        - row_number() over (partition by measure_code order by year) as gap
    from changes
    where vintage_no = 1
),

levels as (
    select bases.measure_code, published.year, published.price_index
    from bases
    inner join published using (index_source)
    union all
    select measure_code, year, price_index from chained where gap = -1
    union all
    select measure_code, min(year) - 1 as year, 100 as price_index from chained group by measure_code
)

select
    levels.measure_code,
    levels.year,
    levels.price_index,
    bases.version,
    bases.base_year,
    base_levels.price_index as base_price_index
from levels
inner join bases using (measure_code)
left join levels as base_levels
    on levels.measure_code = base_levels.measure_code and bases.base_year = base_levels.year
