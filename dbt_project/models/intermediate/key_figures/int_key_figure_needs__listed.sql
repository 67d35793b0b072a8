{{ config(materialized='view') }}

-- What a unit must have for a key figure to cover it: each area, quantity and count of its required terms. Of costs
-- any at all: a property that accounts reach and that had no maintenance in a year is not a missing property.
select distinct
    scopes.key_figure_code,
    scopes.version,
    scopes.part,
    case when measures.kind = 'cost' then 'cost' else scopes.component_code end as need_code,
    measures.kind
from {{ source('register', 'key_figure_term_scopes') }} as scopes
inner join {{ source('register', 'key_figure_terms') }} as terms using (key_figure_code, version, part, term_no)
inner join {{ source('register', 'measures') }} as measures on scopes.component_code = measures.measure_code
where terms.is_required and measures.grain <> 'municipality'
