-- Every measure summed once, over properties; the register is applied to these sums. Sums only, never means, so that a
-- key figure of any level is the ratio of two such sums.
select
    municipality_code,
    year,
    measure_code,
    use_category,
    tenure,
    sum(amount) as amount,
    count(amount) as known_rows,
    bit_or(case when amount is null then 0 else {{ status_bit('status_code') }} end) as status_bits
from {{ ref('int_measures__unioned') }}
group by municipality_code, year, measure_code, use_category, tenure
