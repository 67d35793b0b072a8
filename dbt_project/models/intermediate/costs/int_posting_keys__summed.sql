{{ config(materialized='view') }}

-- A posting's own function, dranst, ownership, grouping and art come before those of its PSP element, its cost centre
-- and its account. Balance accounts and calculated cost (art 0) are no property cost whatever a rule says.
{%- set from_masters = ['function_code', 'dranst', 'ownership_code', 'grouping_code', 'art_code'] -%}
{%- set places = [('psp', 'psp_element'), ('cost_centre', 'cost_centre'), ('account', 'account')] %}
with resolved as (
    select
        sums.municipality_code,
        sums.delivery_id,
        sums.fiscal_year,
        sums.source,
        sums.posting_key_id,
        {%- for dimension in posting_dimensions().split(', ') %}
        {%- if dimension in from_masters %}
        coalesce(
            nullif(sums.{{ dimension }}, ''), of_psp.{{ dimension }}, of_cost_centre.{{ dimension }},
            of_account.{{ dimension }}, '{{ 'unknown' if dimension == 'function_code' }}'
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
    from {{ ref('int_postings__summed') }} as sums
    inner join {{ ref('int_posting_deliveries__counted') }} as counted
        on sums.delivery_id = counted.delivery_id and sums.fiscal_year = counted.fiscal_year
    {%- for dimension, column in places %}
    left join {{ ref('int_ledger_masters__unioned') }} as of_{{ dimension }}
        on
            sums.municipality_code = of_{{ dimension }}.municipality_code
            and sums.source = of_{{ dimension }}.source
            and sums.{{ column }} = of_{{ dimension }}.code
            and of_{{ dimension }}.dimension = '{{ dimension }}'
    {%- endfor %}
)

select
    *,
    not (
        account_class = 'balance'
        or substr(art_code, 1, 1) = '0'
        or substr(function_code, 1, 1) in ('8', '9')
    ) as is_in_scope
from resolved
