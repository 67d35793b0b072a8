{{ config(grants={'select': ['ejd_publisher']}) }}

with source as (
    {{ current_rows('statbank', 'regk31', key=[
        'trim(omraade)', function_code('funktion'), 'trim(dranst)', 'upper(trim(art))', 'upper(trim(prisenhed))',
        'trim(tid)'
    ]) }}
),

renamed as (
    select
        municipality_code,
        trim(omraade) as area_code,
        {{ function_code('funktion') }} as function_code,
        trim(dranst) as dranst_code,
        upper(trim(art)) as art_code,
        upper(trim(prisenhed)) as price_unit_code,
        {{ statbank_area_level('omraade') }} as area_level,
        {{ statbank_art_level('art') }} as art_level,
        {{ safe_year('tid') }} as year,
        -- LOBM is 1,000 kr. at current prices
        case when upper(trim(prisenhed)) = 'LOBM' then 1000 * {{ parse_statbank_value('indhold') }} end as amount_dkk,
        delivery_id
    from source
    where {{ safe_year('tid') }} is not null
)

select * from renamed
