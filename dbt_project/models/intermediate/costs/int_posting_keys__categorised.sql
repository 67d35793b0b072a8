{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    indexes=[{'columns': ['scope_hash']}, {'columns': ['municipality_code', 'fiscal_year']}],
    pre_hook='{{ forget_scopes() }}',
) }}

{%- set patterns = rule_patterns() -%}
{%- set account_columns = ['account', 'function_code', 'dranst', 'ownership_code', 'grouping_code', 'art_code'] %}
with keys as (
    select distinct
        municipality_code, fiscal_year, source, posting_key_id, is_in_scope, {{ posting_dimensions() | join(', ') }}
    from {{ ref('int_posting_keys__summed') }}
    where {{ in_changed_scopes() }}
),

-- First the rules that can match by the account's own parts: few combinations, so the patterns run seldom.
accounts as (
    select distinct municipality_code, fiscal_year, {{ account_columns | join(', ') }} from keys where is_in_scope
),

rules as (
    select
        *,
        cast(priority as bigint) * 1000000 + group_no as rank_no
    from {{ source('register', 'account_rules') }}
),

candidates as (
    select distinct
        {%- for column in ['municipality_code', 'fiscal_year'] + account_columns %}
        accounts.{{ column }},
        {%- endfor %}
        {%- for pattern, column in patterns.items() if column not in account_columns %}
        rules.{{ pattern }},
        {%- endfor %}
        rules.rank_no
    from accounts
    inner join rules
        on
            accounts.municipality_code = rules.municipality_code
            and accounts.fiscal_year between rules.valid_from and rules.valid_to
            {%- for pattern, column in patterns.items() if column in account_columns %}
            and accounts.{{ column }} like rules.{{ pattern }}
            {%- endfor %}
            -- Operation only: investment (dranst 3) has a category of its own.
            and (
                rules.cost_category = 'C_IKKE' or accounts.dranst in ('', case when rules.cost_category = 'C_ANLAEG' then '3' else '1' end)
            )
),

best as (
    select keys.municipality_code, keys.fiscal_year, keys.posting_key_id, min(candidates.rank_no) as rank_no
    from keys
    inner join candidates
        on
            keys.municipality_code = candidates.municipality_code
            and keys.fiscal_year = candidates.fiscal_year
            {%- for column in account_columns %}
            and keys.{{ column }} = candidates.{{ column }}
            {%- endfor %}
            {%- for pattern, column in patterns.items() if column not in account_columns %}
            and keys.{{ column }} like candidates.{{ pattern }}
            {%- endfor %}
    where keys.is_in_scope
    group by keys.municipality_code, keys.fiscal_year, keys.posting_key_id
)

-- Money that no rule knows stays visible under a category of its own.
select
    scopes.scope_hash,
    keys.*,
    coalesce(rules.rule_no, 0) as rule_no,
    case when keys.is_in_scope then coalesce(rules.cost_category, 'C_UMAPPED') else 'C_IKKE' end as cost_category,
    coalesce(rules.share, 1) as rule_share,
    coalesce(rules.tags, '') as tags,
    rules.property_no,
    rules.split,
    coalesce(rules.split_uses, '') as split_uses,
    {{ destination_id('rules', 'keys') }} as destination_id
from keys
inner join {{ ref('int_cost_scopes__fingerprinted') }} as scopes using (municipality_code, fiscal_year)
left join best using (municipality_code, fiscal_year, posting_key_id)
left join rules
    on
        keys.municipality_code = rules.municipality_code
        and best.rank_no = rules.rank_no
        and keys.fiscal_year between rules.valid_from and rules.valid_to
