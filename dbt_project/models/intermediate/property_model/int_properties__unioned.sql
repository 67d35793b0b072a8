with dalux as (
    select
        municipality_code,
        coalesce(property_no, estate_id) as property_no,
        bfe_number,
        name,
        fm_use,
        tenure,
        delivery_id,
        row_number() over (
            partition by municipality_code, coalesce(property_no, estate_id) order by estate_id
        ) as copy_no
    from {{ ref('stg_fm_dalux__estates') }}
),

unioned as (
    select municipality_code, property_no, bfe_number, name, fm_use, tenure, delivery_id, 'fm_dalux' as source
    from dalux
    where copy_no = 1
    union all
    select municipality_code, property_no, bfe_number, name, fm_use, tenure, delivery_id, 'fm_files' as source
    from {{ ref('stg_fm_files__properties') }}
),

numbered as (
    select
        *,
        row_number() over (partition by municipality_code, property_no order by source) as system_no
    from unioned
),

properties as (
    select
        numbered.municipality_code,
        numbered.municipality_code || '-' || numbered.property_no as property_id,
        numbered.property_no,
        numbered.bfe_number,
        numbered.name,
        fm_uses.use_category,
        numbered.tenure,
        numbered.delivery_id
    from numbered
    left join {{ source('register', 'fm_uses') }} as fm_uses
        on {{ fold_use('numbered.fm_use') }} = fm_uses.fm_use
    where numbered.system_no = 1
)

select * from properties
