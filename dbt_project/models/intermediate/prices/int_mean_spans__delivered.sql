{{ config(materialized='ephemeral') }}

{%- set means = [
    ('C_VEDL_5AAR', 'C_VEDL_PL', 5),
    ('C_VEDL_5AAR', 'C_VEDL_AK', 5),
    ('C_VEDL_PL_5AAR', 'C_VEDL_PL', 5),
    ('C_ANLAEG_4AAR', 'C_ANLAEG', 4),
    ('A_EJET_5AAR', 'A_EJET', 5),
] %}
with means as (
    {%- for measure_code, part_code, years in means %}
    select '{{ measure_code }}' as measure_code, '{{ part_code }}' as part_code, {{ years }} as years
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- C: years that have accounts; A: years that an area is known for.
delivered as (
    select municipality_code, fiscal_year as year, 'C' as kind from {{ ref('int_cost_scopes__fingerprinted') }}
    union all
    select municipality_code, year, 'A' as kind from {{ ref('int_years__observed') }}
)

select
    this.municipality_code, this.year, means.measure_code, means.part_code, means.years, this.kind,
    count(*) = means.years as is_whole
from delivered as this
inner join means on substr(means.measure_code, 1, 1) = this.kind
inner join delivered as earlier
    on
        this.municipality_code = earlier.municipality_code
        and this.kind = earlier.kind
        and earlier.year between this.year - means.years + 1 and this.year
group by this.municipality_code, this.year, means.measure_code, means.part_code, means.years, this.kind
