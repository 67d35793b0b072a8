-- The file lists each group (level 1) before its members (level 2): a member's group is the last one above it.
with source as (
    {{ current_rows('statbank', 'municipality_groups', key=[safe_integer('sekvens')]) }}
),

grouped as (
    select
        *,
        substr(max(case when trim(niveau) = '1' then lpad(trim(sekvens), 6, '0') || trim(titel) end) over (
            partition by municipality_code, delivery_id order by {{ safe_integer('sekvens') }}
            rows between unbounded preceding and current row
        ), 7) as group_name
    from source
),

renamed as (
    select
        municipality_code,
        lpad(trim(kode), 4, '0') as member_code,
        case group_name
            when 'Hovedstadskommuner' then '910'
            when 'Storbykommuner' then '920'
            when 'Provinsbykommuner' then '930'
            when 'Oplandskommuner' then '940'
            when 'Landkommuner' then '960'
        end as peer_group_code,
        {{ text_or_null('titel') }} as member_name,
        group_name as peer_group_name,
        delivery_id
    from grouped
    where trim(niveau) = '2' and {{ text_or_null('kode') }} is not null
)

select * from renamed
