{{ config(materialized='ephemeral') }}
-- Area that must have an energy label, and the part whose label is A to C on 31 December. A building without a use
-- in BBR may be exempt: missing. A label of the national register comes before the FM system's copy; one without a
-- building number is of the whole property. Labels hold ten years; an FM system knows their end only.
with buildings as (
    select
        buildings.*, coalesce(buildings.bbr_bfe_number, properties.bfe_number) as bfe_number,
        coalesce(buildings.bbr_building_no, buildings.building_no) as label_building_no,
        buildings.is_protected or buildings.heating_code = '9' or bbr_uses.is_label_exempt as is_exempt
    from {{ ref('int_buildings__classified') }} as buildings
    inner join {{ ref('int_properties__classified') }} as properties using (municipality_code, property_id)
    left join {{ ref('bbr_building_uses') }} as bbr_uses on buildings.bbr_use_code = bbr_uses.use_code
),

labels as (
    select
        buildings.building_id, labels.label, labels.valid_from, {{ day_after('labels.valid_to') }} as valid_to,
        1 as source_no, labels.delivery_id
    from {{ ref('stg_emodata__energy_labels') }} as labels
    inner join buildings
        on labels.municipality_code = buildings.municipality_code and labels.bfe_no = buildings.bfe_number
    where labels.building_no in (buildings.label_building_no, '0')
    union all
    select
        building_id, energy_label as label, {{ add_years('label_valid_to_date', -10) }} as valid_from,
        {{ day_after('label_valid_to_date') }} as valid_to, 2 as source_no, fm_delivery_id as delivery_id
    from buildings
    where energy_label is not null and label_valid_to_date is not null
),

delivered as (
    select municipality_code from {{ ref('stg_emodata__energy_labels') }}
    union
    select municipality_code from buildings where energy_label is not null and label_valid_to_date is not null
),

uses as (
    select
        *,
        sum(area_days) over (partition by building_id, year)
        / sum(days) over (partition by building_id, year) as standing_m2
    from {{ ref('int_building_uses__weighted') }}
),

required as (
    select
        uses.*, buildings.fm_delivery_id, buildings.bbr_delivery_id, labels.delivery_id, labels.label,
        case
            when uses.standing_m2 <= 250 or buildings.is_exempt then 0
            when buildings.bbr_use_code is not null then uses.area_m2
        end as required_m2,
        row_number() over (
            partition by uses.building_id, uses.year, uses.use_category, uses.tenure
            order by labels.source_no, labels.valid_from desc, labels.label
        ) as choice_no
    from uses
    inner join delivered using (municipality_code)
    inner join buildings using (municipality_code, building_id)
    left join labels
        on
            uses.building_id = labels.building_id
            and {{ is_within(last_of_year('uses.year'), 'labels.valid_from', 'labels.valid_to') }}
    where uses.tenure in ('owned', 'leased')
)

{%- for measure_code, area in [
    ('A_MRK', 'required_m2'),
    ('A_MRK_AC', "required_m2 * case when substr(label, 1, 1) in ('A', 'B', 'C') then 1 else 0 end"),
] %}
select
    municipality_code, year, property_id, building_id, use_category, tenure, '{{ measure_code }}' as measure_code,
    {{ area }} as amount,
    case when required_m2 is null then 'x' else '' end as status_code,
    fm_delivery_id as delivery_id, bbr_delivery_id, delivery_id as other_delivery_id
from required
where choice_no = 1
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
