-- One BBR building for an FM building and one FM building for a BBR building: an area must not count twice.
with best_for_fm as (
    select
        *,
        row_number() over (
            partition by municipality_code, building_id
            order by rank_no, coalesce(valid_to, cast('9999-12-31' as date)) desc, bbr_id
        ) as choice_no
    from {{ ref('int_buildings__matched') }}
),

best_for_bbr as (
    select
        *,
        row_number() over (partition by municipality_code, bbr_id order by rank_no, building_id) as claim_no
    from best_for_fm
    where choice_no = 1
),

linked as (
    select
        fm.municipality_code,
        fm.building_id,
        fm.property_id,
        fm.property_no,
        fm.building_no,
        fm.name,
        fm.use_category as fm_use_category,
        fm.tenure,
        fm.tenure_source,
        fm.fm_area_m2,
        fm.heated_m2,
        fm.cleaned_m2,
        fm.address,
        fm.zip_code,
        fm.energy_label,
        fm.label_valid_to_date,
        fm.is_protected or bbr.protection_code in ('1', '2', '6', '7') as is_protected,
        fm.delivery_id as fm_delivery_id,
        bbr.bbr_id,
        bbr.bbr_use_code,
        bbr.heating_code,
        bbr.bfe_number as bbr_bfe_number,
        bbr.building_no as bbr_building_no,
        coalesce(bbr.built_year, case when fm.built_year >= 1100 then fm.built_year end) as built_year,
        bbr.gone_on,
        bbr.building_area_m2,
        bbr.used_attic_m2,
        bbr.basement_m2,
        bbr.operating_area_m2 as bbr_area_m2,
        bbr.delivery_id as bbr_delivery_id,
        coalesce(links.link_method, 'none') as link_method,
        coalesce(links.link_confidence, 0) as link_confidence,
        links.valid_from as link_valid_from,
        links.valid_to as link_valid_to
    from {{ ref('int_buildings__unioned') }} as fm
    left join best_for_bbr as links
        on fm.municipality_code = links.municipality_code and fm.building_id = links.building_id and links.claim_no = 1
    left join {{ ref('int_buildings__current') }} as bbr
        on links.municipality_code = bbr.municipality_code and links.bbr_id = bbr.bbr_id
)

select * from linked
