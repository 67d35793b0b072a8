-- A part lacks a value when a term that must be there has no amount at all; a term that need not be adds nothing then.
with terms as (
    select
        *,
        case
            when is_required and known_rows = 0
                then
                    'no ' || measure_code
                    || case when only_use_category <> 'none' then ' for ' || only_use_category else '' end
        end as missing_reason
    from {{ ref('int_key_figure_terms__summed') }}
),

parts as (
    select
        municipality_code,
        year,
        key_figure_code,
        version,
        part,
        case when count(missing_reason) = 0 then sum(weight * coalesce(amount, 0)) end as amount,
        {{ list_of('missing_reason', order='term_no') }} as missing_reason
    from terms
    group by municipality_code, year, key_figure_code, version, part
)

select * from parts
