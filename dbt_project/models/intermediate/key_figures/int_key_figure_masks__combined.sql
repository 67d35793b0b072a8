{{ config(materialized='view') }}

-- What is in scope of a figure, and all it needs there as two numbers: the buildings whose use and tenure the numerator
-- sums. A figure of areas alone counts buildings: an unknown area has no weight to be missed by.
with scopes as (
    select distinct scopes.key_figure_code, scopes.version, scopes.use_category, scopes.tenure
    from {{ source('register', 'key_figure_term_scopes') }} as scopes
    inner join {{ source('register', 'measures') }} as measures on scopes.component_code = measures.measure_code
    where scopes.part = 'numerator' and measures.grain <> 'municipality' and scopes.use_category <> 'none'
),

needs as (
    select
        parts.denominator_part, listed.key_figure_code, listed.version, listed.use_category, listed.tenure,
        bit_or(case when listed.known_per = 'building' then listed.need_bit else 0 end) as building_mask,
        bit_or(case when listed.known_per = 'property' then listed.need_bit else 0 end) as property_mask,
        min(case when listed.kind = 'area' then 1 else 0 end) as needs_areas_only
    from {{ ref('int_key_figure_needs__listed') }} as listed
    inner join (
        select 'denominator' as denominator_part
        union all
        select 'fallback_denominator' as denominator_part
    ) as parts on listed.part in ('numerator', parts.denominator_part)
    group by parts.denominator_part, listed.key_figure_code, listed.version, listed.use_category, listed.tenure
),

figures as (
    select key_figure_code, version, denominator_part, min(needs_areas_only) as needs_areas_only
    from needs
    group by key_figure_code, version, denominator_part
),

-- Where nothing is needed of a building in scope, a leased one for owned areas say, it lacks nothing.
asked as (
    select
        key_figure_code, version, figures.denominator_part, use_category, tenure,
        coalesce(needs.building_mask, 0) as building_mask,
        coalesce(needs.property_mask, 0) as property_mask,
        case when figures.needs_areas_only = 1 then 'building' else 'property' end as unit
    from figures
    inner join scopes using (key_figure_code, version)
    left join needs using (key_figure_code, version, denominator_part, use_category, tenure)
),

-- Figures that ask the same of the same buildings have one profile, and coverage is worked out once for it.
profiles as (
    select
        key_figure_code, version, denominator_part,
        dense_rank() over (order by {{ list_of(
            "unit || ' ' || use_category || ' ' || tenure || ' ' || building_mask || ' ' || property_mask",
            order="use_category, tenure"
        ) }}) as profile_no
    from asked
    group by key_figure_code, version, denominator_part
)

select * from asked
inner join profiles using (key_figure_code, version, denominator_part)
