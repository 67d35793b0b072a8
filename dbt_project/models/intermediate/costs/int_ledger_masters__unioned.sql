-- What the ledgers' master files say of a code of a dimension. A file of any system names its dimensions itself.
with opus_psp_elements as (
    select
        municipality_code, 'ledger_opus' as source, 'psp' as dimension, psp_element as code, property_no, function_code,
        dranst, ownership_code, {{ code_of('grouping_code', 3) }} as grouping_code, cast(null as text) as art_code,
        cast(null as text) as account_class
    from {{ ref('stg_ledger_opus__psp_elements') }}
),

opus_cost_centres as (
    select
        municipality_code, 'ledger_opus' as source, 'cost_centre' as dimension, cost_centre as code, property_no,
        function_code, dranst, ownership_code, grouping_code, cast(null as text) as art_code,
        cast(null as text) as account_class
    from {{ ref('stg_ledger_opus__cost_centres') }}
),

opus_accounts as (
    select
        municipality_code, 'ledger_opus' as source, 'account' as dimension, account as code,
        cast(null as text) as property_no, cast(null as text) as function_code, cast(null as text) as dranst,
        cast(null as text) as ownership_code, cast(null as text) as grouping_code, art_code, account_class
    from {{ ref('stg_ledger_opus__accounts') }}
),

prisme_carriers as (
    select
        municipality_code, 'ledger_prisme' as source, 'cost_centre' as dimension, carrier as code, property_no,
        cast(null as text) as function_code, cast(null as text) as dranst, cast(null as text) as ownership_code,
        cast(null as text) as grouping_code, cast(null as text) as art_code, cast(null as text) as account_class
    from {{ ref('stg_ledger_prisme__cost_centres') }}
),

files_dimensions as (
    select
        municipality_code, 'ledger_files' as source, {{ unit_dimension('dimension') }} as dimension, code, property_no,
        function_code, dranst, ownership_code, grouping_code, cast(null as text) as art_code,
        cast(null as text) as account_class
    from {{ ref('stg_ledger_files__dimensions') }}
),

files_accounts as (
    select
        municipality_code, 'ledger_files' as source, 'account' as dimension, account as code,
        cast(null as text) as property_no, function_code, dranst, ownership_code, grouping_code, art_code,
        case when lower(account_class) in ('balance', 'status', 'b') then 'balance' end as account_class
    from {{ ref('stg_ledger_files__accounts') }}
),

unioned as (
    select * from opus_psp_elements
    union all
    select * from opus_cost_centres
    union all
    select * from opus_accounts
    union all
    select * from prisme_carriers
    union all
    select * from files_dimensions
    union all
    select * from files_accounts
)

-- Two names of one dimension may name the same code: a code counts once.
select
    municipality_code, source, dimension, code, max(property_no) as property_no, max(function_code) as function_code,
    max(dranst) as dranst, max(ownership_code) as ownership_code, max(grouping_code) as grouping_code,
    max(art_code) as art_code, max(account_class) as account_class
from unioned
group by municipality_code, source, dimension, code
