with dalux as (
    select
        buildings.municipality_code,
        coalesce(estates.property_no, buildings.estate_id) as property_no,
        -- Dalux has no field for BBR's building number; where it is kept, it is one of the two names.
        coalesce(
            cast(nullif({{ safe_integer('buildings.name') }}, 0) as text),
            cast(nullif({{ safe_integer('buildings.alternative_name') }}, 0) as text),
            buildings.dalux_building_id
        ) as building_no,
        buildings.bbr_id,
        coalesce(buildings.alternative_name, buildings.name) as name,
        buildings.fm_use,
        buildings.tenure,
        cast(null as integer) as built_year,
        coalesce(buildings.operating_area_m2, buildings.gross_area_m2) as fm_area_m2,
        buildings.heated_m2,
        buildings.cleaned_m2,
        cast(null as text) as address,
        cast(null as text) as zip_code,
        cast(null as text) as energy_label,
        cast(null as date) as label_valid_to_date,
        false as is_protected,
        buildings.delivery_id,
        buildings.dalux_building_id as source_key
    from {{ ref('stg_fm_dalux__buildings') }} as buildings
    left join {{ ref('stg_fm_dalux__estates') }} as estates using (municipality_code, estate_id)
    -- Grounds are entered as buildings too; they have no floors.
    where buildings.is_outdoor is not true
),

files as (
    select
        municipality_code,
        property_no,
        coalesce(building_no, 'row ' || cast(row_no as text)) as building_no,
        bbr_id,
        name,
        fm_use,
        tenure,
        built_year,
        coalesce(bda_m2, gross_area_m2) as fm_area_m2,
        heated_m2,
        cleaned_m2,
        road_name || ' ' || house_no || coalesce(', ' || zip_code || coalesce(' ' || city, ''), '') as address,
        zip_code,
        energy_label,
        label_valid_to_date,
        coalesce(is_protected, false) as is_protected,
        delivery_id,
        cast(row_no as text) as source_key
    from {{ ref('stg_fm_files__buildings') }}
),

leased as (
    select municipality_code, property_no, building_no, min(delivery_id) as delivery_id
    from {{ ref('stg_fm_files__leases') }}
    where lease_role = 'leased_in' and property_no is not null
    group by municipality_code, property_no, building_no
),

named as (
    select * from dalux
    union all
    select * from files
),

-- Premises that only the lease list knows: a leased property without a building.
premises as (
    select
        leased.municipality_code,
        leased.property_no,
        coalesce(leased.building_no, 'lease') as building_no,
        leased.delivery_id
    from leased
    left join (select distinct municipality_code, property_no from named) as properties
        using (
            municipality_code, property_no
        )
    where properties.property_no is null
),

unioned as (
    select * from named
    union all
    select
        municipality_code, property_no, building_no,
        null as bbr_id, null as name, null as fm_use, null as tenure, null as built_year, null as fm_area_m2,
        null as heated_m2, null as cleaned_m2, null as address, null as zip_code, null as energy_label,
        null as label_valid_to_date, false as is_protected,
        delivery_id, 'lease' as source_key
    from premises
),

-- A building of a property that nobody named has no place in the model.
numbered as (
    select
        unioned.*,
        properties.property_id,
        -- Who says nothing of a building that is in the lease list means that it is leased.
        case when leased.property_no is not null then 'leased' end as lease_tenure,
        row_number() over (
            partition by unioned.municipality_code, unioned.property_no, unioned.building_no order by unioned.source_key
        ) as copy_no
    from unioned
    inner join {{ ref('int_properties__unioned') }} as properties using (municipality_code, property_no)
    left join leased
        on
            unioned.municipality_code = leased.municipality_code
            and unioned.property_no = leased.property_no
            and unioned.building_no = coalesce(leased.building_no, 'lease')
),

buildings as (
    select
        numbered.municipality_code,
        numbered.property_id || '-' || numbered.building_no as building_id,
        numbered.property_id,
        numbered.property_no,
        numbered.building_no,
        numbered.bbr_id,
        numbered.name,
        fm_uses.use_category,
        coalesce(numbered.tenure, numbered.lease_tenure) as tenure,
        case
            when numbered.tenure is not null then 'fm_building'
            when numbered.lease_tenure is not null then 'lease'
        end as tenure_source,
        numbered.built_year,
        numbered.fm_area_m2,
        numbered.heated_m2,
        numbered.cleaned_m2,
        numbered.address,
        numbered.zip_code,
        numbered.energy_label,
        numbered.label_valid_to_date,
        numbered.is_protected,
        numbered.delivery_id
    from numbered
    left join {{ source('register', 'fm_uses') }} as fm_uses
        on {{ fold_use('numbered.fm_use') }} = fm_uses.fm_use
    where numbered.copy_no = 1
)

select * from buildings
