with allocated as (
    select
        sums.municipality_code,
        sums.delivery_id,
        sums.fiscal_year as year,
        sums.function_code,
        categories.cost_category as measure_code,
        units.property_id,
        coalesce(properties.use_category, 'none') as use_category,
        coalesce(properties.tenure, 'none') as tenure,
        sum(sums.amount_dkk * units.share) as amount,
        sum(sums.postings) as source_rows
    from {{ ref('int_posting_keys__summed') }} as sums
    inner join {{ ref('int_posting_keys__categorised') }} as categories
        using (municipality_code, fiscal_year, function_code, dranst, account, psp_element, cost_centre)
    inner join {{ ref('int_cost_units__tied') }} as units
        using (municipality_code, fiscal_year, psp_element, cost_centre)
    left join {{ ref('int_properties__classified') }} as properties using (municipality_code, property_id)
    group by
        sums.municipality_code, sums.delivery_id, sums.fiscal_year, sums.function_code, categories.cost_category,
        units.property_id, properties.use_category, properties.tenure
)

select * from allocated
