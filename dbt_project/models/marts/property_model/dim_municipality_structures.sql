-- Conditions that are hard to influence, of every municipality of the country on 1 January: what peers are found by.
-- The ages are there where FOLK1A was delivered with ages. Of several deliveries the newest counts.
{%- set ages = {'share_0_5_pct': (0, 5), 'share_6_16_pct': (6, 16), 'share_65_plus_pct': (65, 200)} %}
with counted as (
    select
        lpad(coalesce(area_code, municipality_code), 4, '0') as municipality_code,
        cast(substr(quarter, 1, 4) as integer) as year,
        age_code in ('tot', 'ialt', 'i alt') as is_total,
        {{ safe_integer('age_code') }} as age,
        inhabitants,
        delivery_id
    from {{ ref('stg_statbank__folk1a') }}
    where
        quarter like '____K1'
        and {{ year_or_null('quarter') }} is not null
        and inhabitants is not null
        and (area_code is null or area_level = 'municipality')
        and sex_code in ('tot', 'ialt', 'i alt')
        and marital_status_code in ('tot', 'ialt', 'i alt')
),

newest as (
    select
        *,
        row_number() over (
            partition by municipality_code, year, is_total, age order by delivery_id desc
        ) as newest_first
    from counted
    where is_total or age is not null
),

summed as (
    select
        municipality_code,
        year,
        max(case when is_total then inhabitants end) as inhabitants,
        {%- for name, (first, last) in ages.items() %}
        sum(case when age between {{ first }} and {{ last }} then inhabitants end) as {{ name }}_of
        {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from newest
    where newest_first = 1
    group by municipality_code, year
),

peer_groups as (
    select member_code, peer_group_code, max(peer_group_name) as peer_group_name
    from {{ ref('stg_statbank__municipality_groups') }}
    group by member_code, peer_group_code
)

select
    summed.municipality_code,
    summed.year,
    summed.inhabitants,
    {%- for name in ages %}
    cast(100.0 * summed.{{ name }}_of / nullif(summed.inhabitants, 0) as numeric) as {{ name }},
    {%- endfor %}
    peer_groups.peer_group_code as dst_group_code,
    peer_groups.peer_group_name as dst_group_name
from summed
left join peer_groups on summed.municipality_code = peer_groups.member_code
where summed.inhabitants > 0
