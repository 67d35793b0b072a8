-- One ledger can be drawn in more than one way. Of a system, a municipality's fiscal year counts by the first way that
-- it has, so that no posting counts twice. Vouchers and posting files are what is not in the extract.
with ways as (
    select
        deliveries.*,
        case
            when stream in ('vouchers', 'posting_files') then 0
            when stream = 'postings' then 1
            else 2
        end as way_no
    from {{ ref('int_posting_deliveries__summed') }} as deliveries
),

ranked as (
    select
        *,
        min(case when way_no > 0 then way_no end) over (
            partition by municipality_code, source, fiscal_year
        ) as first_way_no
    from ways
)

select
    municipality_code, delivery_id, fiscal_year, source, stream, batch, amount_dkk, postings
from ranked
where way_no = 0 or way_no = first_way_no
