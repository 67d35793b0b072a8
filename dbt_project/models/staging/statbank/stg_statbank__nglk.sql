with source as (
    {{ current_rows('statbank', 'nglk', key=[
        'trim(omraade)', 'upper(trim(bnoegle))', 'upper(trim(brutnetudg))', 'upper(trim(prisenhed))', 'trim(tid)'
    ]) }}
),

renamed as (
    select
        municipality_code,
        trim(omraade) as area_code,
        upper(trim(bnoegle)) as statistic_code,
        upper(trim(brutnetudg)) as gross_net_code,
        upper(trim(prisenhed)) as price_basis_code,
        {{ statbank_area_level('omraade') }} as area_level,
        {{ safe_year('tid') }} as year,
        {{ parse_statbank_value('indhold') }} as value_dkk,
        delivery_id
    from source
    where {{ safe_year('tid') }} is not null
)

select * from renamed
