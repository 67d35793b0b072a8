{{ config(materialized='view') }}

-- What a building must have for a key figure to cover it: each area, quantity, count and hours of its required terms.
-- Of costs any at all: a property that accounts reach and that had no maintenance in a year is not a missing one, and
-- no more is one whose costs carry no tag that makes a cost_part. Areas and conditions are known per building, the rest
-- per property. The area of another tenure is not missed: a leased building has no owned area.
with terms as (
    select
        scopes.key_figure_code,
        scopes.version,
        scopes.part,
        scopes.use_category,
        scopes.tenure,
        scopes.component_code,
        measures.kind,
        case when measures.kind in ('cost', 'cost_part') then 'cost' else scopes.component_code end as need_code,
        case
            when measures.kind in ('area', 'condition') and measures.grain = 'building' then 'building' else 'property'
        end as known_per
    from {{ source('register', 'key_figure_term_scopes') }} as scopes
    inner join {{ source('register', 'key_figure_terms') }} as terms using (key_figure_code, version, part, term_no)
    inner join {{ source('register', 'measures') }} as measures on scopes.component_code = measures.measure_code
    where
        terms.is_required and measures.grain <> 'municipality' and scopes.use_category <> 'none'
        and case
            when scopes.component_code in ('A_EJET', 'A_EJET_5AAR') then scopes.tenure = 'owned'
            when scopes.component_code = 'A_LEJET' then scopes.tenure = 'leased'
            when scopes.component_code = 'A_UDLEJET' then scopes.tenure = 'let_out'
            else true
        end
),

-- A need is one bit, so that what a building has and what a figure needs are one number each.
numbered as (
    select *, dense_rank() over (partition by known_per order by need_code) - 1 as need_no
    from terms
)

select *, cast(power(2, need_no) as bigint) as need_bit from numbered
