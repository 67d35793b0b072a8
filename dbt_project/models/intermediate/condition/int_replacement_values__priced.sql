{{ config(materialized='ephemeral') }}

-- The newest vintage of the price per m2 of each use, whichever way the use is spelled, moved to prices of the year.
with replacement_values as (
    select
        *,
        row_number() over (
            partition by use_category order by vintage desc, price_year desc, source_name, spelling
        ) as newest_no
    from (
        select
            factors.vintage, factors.price_year, factors.source_name, factors.use_category as spelling,
            factors.dkk_per_m2, factors.delivery_id,
            coalesce(fm_uses.use_category, factors.use_category) as use_category
        from {{ ref('stg_factors__replacement_values') }} as factors
        left join {{ source('register', 'fm_uses') }} as fm_uses
            on {{ fold_use('factors.use_category') }} = fm_uses.fm_use
        where factors.municipality_code = '0000' and factors.dkk_per_m2 is not null
    ) as spelled
),

valued as (
    select
        areas.municipality_code, areas.year, areas.property_id, areas.building_id, areas.use_category, areas.tenure,
        'GV' as measure_code,
        areas.amount * prices.dkk_per_m2
        * case when prices.price_year = areas.year then 1 else target.price_index / source.price_index end as amount,
        prices.delivery_id
    from {{ ref('int_areas__measured') }} as areas
    left join replacement_values as prices on areas.use_category = prices.use_category and prices.newest_no = 1
    left join {{ ref('int_prices__indexed') }} as target
        on target.measure_code = 'GV' and areas.year = target.year
    left join {{ ref('int_prices__indexed') }} as source
        on source.measure_code = 'GV' and prices.price_year = source.year
    where areas.measure_code = 'A_EJET' and exists (select 1 from replacement_values)
)

select * from valued
