{{ config(materialized='ephemeral') }}

-- Degree days of a year and of the normal year, of one declared source and area. Of several issues the newest counts.
with totals as (
    select
        source_name, area, vintage, year, is_normal_year, max(delivery_id) as delivery_id,
        coalesce(
            max(case when month = 0 then degree_days end),
            case
                when count(case when month > 0 then degree_days end) = 12
                    then sum(case when month > 0 then degree_days end)
            end
        ) as degree_days
    from {{ ref('stg_factors__degree_days') }}
    group by source_name, area, vintage, year, is_normal_year
),

newest as (
    select
        *,
        row_number() over (partition by source_name, area, year, is_normal_year order by vintage desc) as issue_no
    from totals
    where degree_days > 0
),

weather as (
    select
        years.year, basis.version as basis_version, basis.source_name, basis.area,
        years.degree_days, years.vintage, normals.degree_days as normal_degree_days,
        normals.vintage as normal_vintage, basis.normal_year,
        years.year = basis.valid_from and basis.version > 1 as is_break, years.delivery_id as degree_delivery_id
    from {{ ref('degree_day_basis') }} as basis
    inner join newest as years
        on
            basis.source_name = years.source_name and basis.area = years.area
            and not years.is_normal_year and years.issue_no = 1
            and years.year between basis.valid_from and coalesce(basis.valid_to, 9999)
    inner join newest as normals
        on
            basis.source_name = normals.source_name and basis.area = normals.area
            and normals.is_normal_year and normals.year = basis.normal_year
            and case
                when basis.normal_vintage is null then normals.issue_no = 1
                else normals.vintage = basis.normal_vintage
            end
)

select * from weather
