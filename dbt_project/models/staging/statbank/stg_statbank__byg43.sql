with source as (
    {{ current_rows('statbank', 'byg43', key=[
        'trim(hindeks)', 'trim(dindeks)', 'trim(art)', 'trim(tal)', 'upper(trim(tid))'
    ]) }}
),

renamed as (
    select
        municipality_code,
        trim(hindeks) as main_index_code,
        trim(dindeks) as part_index_code,
        trim(art) as cost_type_code,
        trim(tal) as figure_code,
        upper(trim(tid)) as quarter_code,
        {{ safe_year('tid') }} as year,
        {{ safe_integer('substr(trim(tid), 6, 1)') }} as quarter,
        {{ parse_statbank_value('indhold') }} as cost_index,
        delivery_id
    from source
)

select * from renamed
