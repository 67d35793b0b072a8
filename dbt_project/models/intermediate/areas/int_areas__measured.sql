{%- set held = "uses.tenure in ('owned', 'leased')" -%}
{%- set facts = [
    ('A_BDA', 'uses.area_m2', held),
    ('A_EJET', 'uses.area_m2', "uses.tenure = 'owned'"),
    ('A_LEJET', 'uses.area_m2', "uses.tenure = 'leased'"),
    ('A_UDLEJET', 'uses.area_m2', "uses.tenure = 'let_out'"),
    ('A_OPV', 'buildings.heated_m2 * uses.day_share', held),
    ('A_RENG', 'buildings.cleaned_m2 * uses.day_share', held),
] -%}
-- Areas count by the days of the year. A missing area is a row without amount, never a zero.
with buildings as (
    {%- for measure_code, area, condition in facts %}
    select
        uses.municipality_code,
        uses.year,
        uses.property_id,
        uses.building_id,
        uses.use_category,
        uses.tenure,
        '{{ measure_code }}' as measure_code,
        {{ area }} as amount,
        case when {{ area }} is null then 'x' else '' end as status_code,
        buildings.fm_delivery_id as delivery_id,
        {%- if 'area_m2' in area %}
        case when uses.tenure <> 'leased' then buildings.bbr_delivery_id end as bbr_delivery_id,
        uses.lease_delivery_id as other_delivery_id
        {%- else %}
        cast(null as bigint) as bbr_delivery_id,
        cast(null as bigint) as other_delivery_id
        {%- endif %}
    from {{ ref('int_building_uses__weighted') }} as uses
    inner join {{ ref('int_buildings__classified') }} as buildings using (municipality_code, building_id)
    where {{ condition }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

measured as (
    select * from buildings
    union all
    select * from {{ ref('int_labels__required') }}
    union all
    select * from {{ ref('int_terrain__measured') }}
)

select * from measured
