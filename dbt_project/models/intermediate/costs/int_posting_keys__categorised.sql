{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    indexes=[
        {'columns': ['scope_hash']},
        {'columns': ['municipality_code', 'fiscal_year', 'posting_key_id', 'rule_no'], 'unique': true},
    ],
    pre_hook='{{ forget_scopes() }}',
) }}

with keys as (
    select
        municipality_code, fiscal_year, source, posting_key_id, is_in_scope, {{ posting_dimensions() }}
    from {{ ref('int_posting_keys__summed') }}
    where {{ in_changed_scopes() }}
),

-- First the rules that can match by the account's own parts: few combinations, so the patterns run seldom.
accounts as (
    select distinct municipality_code, fiscal_year, {{ account_dimensions() }} from keys where is_in_scope
),

rules as (
    select *, cast(priority as bigint) * 1000000 + group_no as rank_no from {{ source('register', 'account_rules') }}
),

-- Operation only; investment (dranst 3) has a category of its own.
candidates as (
    select distinct accounts.*, rules.rank_no, {{ rule_patterns(further_dimensions()) }}
    from accounts
    inner join rules
        on
            accounts.municipality_code = rules.municipality_code
            and accounts.fiscal_year between rules.valid_from and rules.valid_to
            {%- for dimension in account_dimensions().split(', ') %}
            and accounts.{{ dimension }} like rules.{{ rule_pattern(dimension) }}
            {%- endfor %}
            and case
                when rules.cost_category = 'C_IKKE' or accounts.dranst = '' then true
                when rules.cost_category = 'C_ANLAEG' then accounts.dranst = '3'
                else accounts.dranst = '1'
            end
),

best as (
    select keys.municipality_code, keys.fiscal_year, keys.posting_key_id, min(candidates.rank_no) as rank_no
    from keys
    inner join candidates using (municipality_code, fiscal_year, {{ account_dimensions() }})
    where
        keys.is_in_scope
        {%- for dimension in further_dimensions().split(', ') %}
        and keys.{{ dimension }} like candidates.{{ rule_pattern(dimension) }}
        {%- endfor %}
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
