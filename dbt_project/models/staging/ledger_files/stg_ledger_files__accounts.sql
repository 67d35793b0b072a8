with source as (
    {{ current_rows('ledger_files', 'accounts', key=['trim(account)']) }}
),

renamed as (
    select
        municipality_code,
        {{ text_or_null('account') }} as account,
        {{ text_or_null('name') }} as name,
        {{ text_or_null('account_class') }} as account_class,
        {{ function_code('function') }} as function_code,
        {{ text_or_null('dranst') }} as dranst,
        {{ text_or_null('ownership') }} as ownership_code,
        {{ code_of('grouping', 3) }} as grouping_code,
        {{ art_code('art') }} as art_code,
        -- without them a posting on this account can be held against no authorised figure
        {{ function_code('function') }} is not null or {{ art_code('art') }} is not null as has_authorised_match,
        delivery_id
    from source
    where {{ text_or_null('account') }} is not null
)

select * from renamed
