-- A building counts with its property: cost and users are known per property, and both parts of a ratio must cover the
-- same. Its tenure is its own where the FM system says so: part of a property can be leased or let.
with classified as (
    select
        linked.municipality_code,
        linked.building_id,
        linked.property_id,
        linked.bbr_id,
        linked.building_no,
        linked.name,
        linked.bbr_use_code,
        properties.use_category,
        coalesce(linked.tenure, properties.tenure) as tenure,
        linked.built_year,
        linked.bbr_area_m2,
        linked.fm_area_m2,
        linked.heated_m2,
        linked.cleaned_m2,
        linked.link_method,
        linked.link_confidence,
        linked.fm_delivery_id,
        linked.bbr_delivery_id
    from {{ ref('int_buildings__linked') }} as linked
    inner join {{ ref('int_properties__classified') }} as properties using (municipality_code, property_id)
),

-- Owned and let out: BBR, else the FM system. Leased: what the FM system says is rented, never the whole building.
measured as (
    select
        *,
        case when tenure = 'leased' then fm_area_m2 else coalesce(bbr_area_m2, fm_area_m2) end as operating_area_m2,
        case
            when tenure <> 'leased' and bbr_area_m2 is not null then 'bbr'
            when fm_area_m2 is not null then 'fm'
            else 'unknown'
        end as area_source
    from classified
)

select * from measured
