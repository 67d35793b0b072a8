with figures as (
    select municipality_code, year, key_figure_code, version, denominator_part
    from {{ ref('int_key_figures__divided') }}
),

-- The buildings whose use and tenure the numerator sums.
scopes as (
    select distinct scopes.key_figure_code, scopes.version, scopes.use_category, scopes.tenure
    from {{ source('register', 'key_figure_term_scopes') }} as scopes
    inner join {{ source('register', 'measures') }} as measures on scopes.component_code = measures.measure_code
    where scopes.part = 'numerator' and measures.grain <> 'municipality'
),

buildings as (
    select municipality_code, year, property_id, building_id, use_category, tenure, amount as area_m2
    from {{ ref('int_areas__measured') }}
    where measure_code in ('A_BDA', 'A_UDLEJET')
),

checked as (
    select
        figures.municipality_code,
        figures.year,
        figures.key_figure_code,
        figures.version,
        buildings.property_id,
        buildings.building_id,
        buildings.area_m2,
        needs.need_code,
        needs.kind,
        present.need_code is not null as is_present
    from figures
    inner join scopes using (key_figure_code, version)
    inner join buildings using (municipality_code, year, use_category, tenure)
    inner join {{ ref('int_key_figure_needs__listed') }} as needs
        on
            figures.key_figure_code = needs.key_figure_code
            and figures.version = needs.version
            and needs.part in ('numerator', figures.denominator_part)
    left join {{ ref('int_inputs__present') }} as present
        on
            buildings.municipality_code = present.municipality_code
            and buildings.year = present.year
            and needs.need_code = present.need_code
            and case when needs.kind = 'area' then buildings.building_id else buildings.property_id end
            = present.unit_id
)

select * from checked
