with keys as (
    select distinct municipality_code, fiscal_year, function_code, dranst, account, psp_element, cost_centre
    from {{ ref('int_posting_keys__summed') }}
),

-- First the rules that can match by account, function and dranst: few combinations, so the patterns run seldom.
accounts as (
    select distinct municipality_code, fiscal_year, function_code, dranst, account from keys
),

candidates as (
    select accounts.*, rules.rule_no, rules.priority, rules.psp_pattern, rules.cost_centre_pattern, rules.cost_category
    from accounts
    inner join {{ source('register', 'account_rules') }} as rules
        on
            accounts.municipality_code = rules.municipality_code
            and accounts.fiscal_year between rules.valid_from and rules.valid_to
            and accounts.account like rules.account_pattern
            and accounts.function_code like rules.function_pattern
            and accounts.dranst like rules.dranst_pattern
),

matched as (
    select
        keys.*,
        candidates.cost_category,
        row_number() over (
            partition by
                keys.municipality_code, keys.fiscal_year, keys.function_code, keys.dranst, keys.account,
                keys.psp_element, keys.cost_centre
            order by candidates.priority, candidates.rule_no
        ) as match_no
    from keys
    left join candidates
        on
            keys.municipality_code = candidates.municipality_code
            and keys.fiscal_year = candidates.fiscal_year
            and keys.function_code = candidates.function_code
            and keys.dranst = candidates.dranst
            and keys.account = candidates.account
            and keys.psp_element like candidates.psp_pattern
            and keys.cost_centre like candidates.cost_centre_pattern
)

-- Money that no rule knows stays visible under a category of its own.
select
    municipality_code,
    fiscal_year,
    function_code,
    dranst,
    account,
    psp_element,
    cost_centre,
    coalesce(cost_category, 'C_UMAPPED') as cost_category
from matched
where match_no = 1
