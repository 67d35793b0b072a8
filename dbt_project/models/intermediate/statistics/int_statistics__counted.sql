-- Net running expenditure: dranst 1, art TOT (expenditure less income), main accounts 0 to 6. REGK31 has no total over
-- functions. What a municipality pulled itself comes before what was pulled for the whole country.
with accounts as (
    select
        case when municipality_code = '0000' then lpad(area_code, 4, '0') else municipality_code end
            as municipality_code,
        case when municipality_code = '0000' then 1 else 0 end as is_national,
        year,
        function_code,
        amount_dkk,
        delivery_id
    from {{ ref('stg_statbank__regk31') }}
    where
        area_level = 'municipality' and dranst_code = '1' and art_code = 'TOT' and price_unit_code = 'LOBM'
        and substr(function_code, 1, 1) between '0' and '6'
        and (municipality_code = '0000' or lpad(area_code, 4, '0') = municipality_code)
),

chosen as (
    select accounts.*
    from accounts
    inner join (
        select municipality_code, year, min(is_national) as is_national
        from accounts
        group by municipality_code, year
    ) as first_choice using (municipality_code, year, is_national)
    inner join {{ ref('int_years__observed') }} as years using (municipality_code, year)
),

-- A function without a row has no postings; one whose amount is not published is not known.
summed as (
    select
        municipality_code, year, 'C_NETTO' as measure_code, sum(amount_dkk) as amount,
        max(delivery_id) as delivery_id
    from chosen
    group by municipality_code, year
    union all
    select
        municipality_code, year, 'C_IDRAET_NETTO' as measure_code,
        case
            when count(case when function_code = '03231' and amount_dkk is null then 1 end) = 0
                then sum(case when function_code = '03231' then amount_dkk else 0 end)
        end as amount,
        max(delivery_id) as delivery_id
    from chosen
    group by municipality_code, year
)

select
    municipality_code,
    year,
    cast(null as text) as property_id,
    cast(null as text) as building_id,
    'none' as use_category,
    'none' as tenure,
    measure_code,
    amount,
    case when amount is null then 'x' else '' end as status_code,
    delivery_id
from summed
