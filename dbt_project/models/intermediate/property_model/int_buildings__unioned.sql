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
        buildings.delivery_id,
        buildings.dalux_building_id as source_key
    from {{ ref('stg_fm_dalux__buildings') }} as buildings
    left join {{ ref('stg_fm_dalux__estates') }} as estates using (municipality_code, estate_id)
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
        gross_area_m2 as fm_area_m2,
        heated_m2,
        cleaned_m2,
        delivery_id,
        cast(row_no as text) as source_key
    from {{ ref('stg_fm_files__buildings') }}
),

unioned as (
    select * from dalux
    union all
    select * from files
),

-- A building of a property that nobody named has no place in the model.
numbered as (
    select
        unioned.*,
        properties.property_id,
        row_number() over (
            partition by unioned.municipality_code, unioned.property_no, unioned.building_no order by unioned.source_key
        ) as copy_no
    from unioned
    inner join {{ ref('int_properties__unioned') }} as properties using (municipality_code, property_no)
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
        numbered.tenure,
        numbered.built_year,
        numbered.fm_area_m2,
        numbered.heated_m2,
        numbered.cleaned_m2,
        numbered.delivery_id
    from numbered
    left join {{ source('register', 'fm_uses') }} as fm_uses
        on {{ fold_use('numbered.fm_use') }} = fm_uses.fm_use
    where numbered.copy_no = 1
)

select * from buildings
