with source as (
    {{ current_rows('ledger_opus', 'accounts', key=['trim(account)']) }}
),

-- A class that the master states comes before what the number tells; an art is never read off a balance account.
renamed as (
    select
        municipality_code,
        {{ text_or_null('account') }} as account,
        {{ text_or_null('name') }} as name,
        case
            when lower(trim(account_class)) in ('balance', 'status', 'b') then 'balance'
            when lower(trim(account_class)) in ('drift', 'resultat', 'profit_and_loss', 'p', 'r') then 'profit_and_loss'
            else {{ opus_account_class(text_or_null('account')) }}
        end as account_class,
        coalesce(
            {{ art_code('art') }},
            case
                when lower(trim(account_class)) in ('balance', 'status', 'b') then null
                else {{ opus_art_code(text_or_null('account')) }}
            end
        ) as art_code,
        {{ opus_balance_function(text_or_null('account')) }} as balance_function,
        delivery_id
    from source
    where {{ text_or_null('account') }} is not null
)

select * from renamed
