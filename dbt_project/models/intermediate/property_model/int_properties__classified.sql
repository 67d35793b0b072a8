-- What a property is used for and how it is held: what the FM system says of it, else what its buildings say.
with ranked as (
    select
        linked.municipality_code,
        linked.property_id,
        linked.fm_use_category,
        bbr_uses.use_category as bbr_use_category,
        row_number() over (
            partition by linked.municipality_code, linked.property_id
            order by coalesce(linked.bbr_area_m2, linked.fm_area_m2, 0) desc, linked.building_id
        ) as size_no
    from {{ ref('int_buildings__linked') }} as linked
    left join {{ ref('bbr_building_uses') }} as bbr_uses on linked.bbr_use_code = bbr_uses.use_code
),

largest as (
    select * from ranked where size_no = 1
),

tenures as (
    select municipality_code, property_id, min(tenure) as tenure
    from {{ ref('int_buildings__linked') }}
    group by municipality_code, property_id
    having min(tenure) = max(tenure)
),

classified as (
    select
        properties.municipality_code,
        properties.property_id,
        properties.property_no,
        properties.bfe_number,
        properties.name,
        coalesce(properties.use_category, largest.fm_use_category, largest.bbr_use_category, 'other') as use_category,
        coalesce(properties.tenure, tenures.tenure, 'owned') as tenure,
        properties.delivery_id
    from {{ ref('int_properties__unioned') }} as properties
    left join largest using (municipality_code, property_id)
    left join tenures using (municipality_code, property_id)
)

select * from classified
