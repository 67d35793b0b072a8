-- Everything downstream depends on a posting's keys only, so the ledger is read once and summed.
select
    municipality_code,
    delivery_id,
    fiscal_year,
    function_code,
    dranst,
    account,
    psp_element,
    cost_centre,
    sum(amount_dkk) as amount_dkk,
    count(*) as postings
from {{ ref('int_postings__unioned') }}
group by municipality_code, delivery_id, fiscal_year, function_code, dranst, account, psp_element, cost_centre
