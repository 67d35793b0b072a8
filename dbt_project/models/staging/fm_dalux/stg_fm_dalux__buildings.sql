with source as (
    {{ current_rows('fm_dalux', 'buildings', key=['trim(building_id)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('building_id') }} as dalux_building_id,
        {{ text_or_null('estate_id') }} as estate_id,
        lower({{ text_or_null('bbr_id') }}) as bbr_id,
        {{ without_leading_zeros('bfe_no') }} as bfe_number,
        {{ text_or_null('cost_centre') }} as cost_centre,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('alternative_name') }} as alternative_name,
        {{ text_or_null('use') }} as fm_use,
        {{ text_or_null('user_regions') }} as user_regions,
        {{ text_or_null('condition') }} as condition_code,
        coalesce({{ fold_tenure('tenure') }}, {{ fold_tenure('owned') }}) as tenure,
        -- Dalux sends 0.0 for an area nobody has entered.
        nullif({{ safe_numeric('gross_area') }}, 0) as gross_area_m2,
        nullif({{ safe_numeric('net_area') }}, 0) as net_area_m2,
        nullif({{ safe_numeric('bda_area') }}, 0) as operating_area_m2,
        nullif({{ safe_numeric('heated_area') }}, 0) as heated_m2,
        nullif({{ safe_numeric('cleaning_area') }}, 0) as cleaned_m2,
        {{ safe_integer('workplaces') }} as workplaces,
        {{ safe_year('built_year') }} as built_year,
        -- Grounds are entered as buildings too: "00 Udeareal: Søfortet". Walls and bridges cannot be told from houses.
        lower(trim(name)) like '%udeareal%' as is_outdoor,
        {{ iso_date('last_change_date') }} as last_change_date,
        delivery_id
    from source
    where {{ text_or_null('building_id') }} is not null
)

select * from renamed
