-- FOLK1A counts on the first day of a quarter: K1 is 1 January. Only the municipality's own total counts; 0000, whose
-- own area is the country (000), is no municipality.
with totals as (
    select
        municipality_code,
        cast(substr(quarter, 1, 4) as integer) as year,
        max(inhabitants) as inhabitants,
        max(delivery_id) as delivery_id
    from {{ ref('stg_statbank__folk1a') }}
    where
        municipality_code <> '0000'
        and quarter like '____K1'
        and {{ year_or_null('quarter') }} is not null
        and inhabitants is not null
        and (area_code is null or lpad(area_code, 4, '0') = municipality_code)
        and sex_code in ('tot', 'ialt', 'i alt')
        and age_code in ('tot', 'ialt', 'i alt')
        and marital_status_code in ('tot', 'ialt', 'i alt')
    group by municipality_code, quarter
)

select * from totals
