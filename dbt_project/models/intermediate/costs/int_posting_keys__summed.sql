{{ config(materialized='view') }}

-- A posting's own function, dranst, ownership, grouping and art come before those of its PSP element, its cost centre
-- and its account. Balance accounts and calculated cost (art 0) are no property cost whatever a rule says.
{%- set from_masters = ['function_code', 'dranst', 'ownership_code', 'grouping_code', 'art_code'] %}
with sums as (
    select
        lines.municipality_code, lines.fiscal_year, lines.source, lines.posting_key_id, {{ posting_dimensions() }},
        sum(lines.amount_dkk) as amount_dkk, cast(sum(lines.postings) as bigint) as postings
    from {{ ref('int_postings__summed') }} as lines
    inner join {{ ref('int_posting_deliveries__counted') }} as counted
        on lines.delivery_id = counted.delivery_id and lines.fiscal_year = counted.fiscal_year
    group by
        lines.municipality_code, lines.fiscal_year, lines.source, lines.posting_key_id, {{ posting_dimensions() }}
),

resolved as (
    select
        sums.municipality_code,
        sums.fiscal_year,
        sums.source,
        sums.posting_key_id,
        {%- for dimension in posting_dimensions().split(', ') %}
        {%- if dimension in from_masters %}
        coalesce(
            nullif(sums.{{ dimension }}, ''),
            of_psp.{{ dimension }},
            of_cost_centre.{{ dimension }},
            of_account.{{ dimension }},
            '{{ 'unknown' if dimension == 'function_code' }}'
        ) as {{ dimension }},
        {%- else %}
        sums.{{ dimension }},
        {%- endif %}
        {%- endfor %}
        coalesce(
            of_account.account_class,
            case when sums.source = 'ledger_opus' then {{ opus_account_class('sums.account') }} end,
            ''
        ) as account_class,
        sums.amount_dkk,
        sums.postings
    from sums
    left join {{ ref('int_ledger_masters__unioned') }} as of_psp
        on
            sums.municipality_code = of_psp.municipality_code
            and sums.source = of_psp.source
            and sums.psp_element = of_psp.code
            and of_psp.dimension = 'psp'
    left join {{ ref('int_ledger_masters__unioned') }} as of_cost_centre
        on
            sums.municipality_code = of_cost_centre.municipality_code
            and sums.source = of_cost_centre.source
            and sums.cost_centre = of_cost_centre.code
            and of_cost_centre.dimension = 'cost_centre'
    left join {{ ref('int_ledger_masters__unioned') }} as of_account
        on
            sums.municipality_code = of_account.municipality_code
            and sums.source = of_account.source
            and sums.account = of_account.code
            and of_account.dimension = 'account'
)

select
    *,
    account_class <> 'balance'
    and substr(art_code, 1, 1) <> '0'
    and substr(function_code, 1, 1) not in ('8', '9') as is_in_scope
from resolved
