{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    indexes=[{'columns': ['scope_hash']}, {'columns': ['municipality_code', 'fiscal_year']}],
    pre_hook='{{ forget_scopes() }}',
) }}

with destinations as (
    select distinct scope_hash, municipality_code, fiscal_year, destination_id, split, split_uses
    from {{ ref('int_posting_keys__categorised') }}
    where {{ in_changed_scopes() }}
),

-- A property that no FM system knows is no property.
claimed as (
    select
        municipality_code, fiscal_year, destination_id, used.property_id, used.use_category, used.tenure,
        sum(claims.share * used.share) as share
    from (select * from {{ ref('int_cost_claims__ranked') }} where {{ in_changed_scopes() }}) as claims
    inner join (select * from {{ ref('int_cost_properties__used') }} where {{ in_changed_scopes() }}) as used
        using (municipality_code, fiscal_year, property_no)
    group by municipality_code, fiscal_year, destination_id, used.property_id, used.use_category, used.tenure
),

weighed as (
    select
        municipality_code, fiscal_year, destination_id, weights.property_id, weights.use_category, weights.tenure,
        round(weights.weight / sum(weights.weight) over (partition by destination_id), 12) as share,
        row_number() over (
            partition by destination_id
            order by weights.weight desc, weights.property_id, weights.use_category, weights.tenure
        ) as size_no
    from destinations
    inner join (select * from {{ ref('int_split_weights__measured') }} where {{ in_changed_scopes() }}) as weights
        using (municipality_code, fiscal_year, split)
    where
        destinations.split_uses = ''
        or ' ' || destinations.split_uses || ' ' like '% ' || weights.use_category || ' %'
),

-- The largest gets what rounding left.
shares as (
    select * from claimed
    union all
    select
        municipality_code, fiscal_year, destination_id, property_id, use_category, tenure,
        case
            when size_no = 1
                then 1 - sum(share) over (partition by destination_id) + share
            else share
        end as share
    from weighed
),

-- What no property takes stays with the municipality, so that the shares of a destination always sum to one.
rests as (
    select
        destinations.municipality_code, destinations.fiscal_year, destination_id, cast(null as text) as property_id,
        'none' as use_category, 'none' as tenure, 1 - coalesce(sum(shares.share), 0) as share
    from destinations
    left join shares using (destination_id)
    group by destinations.municipality_code, destinations.fiscal_year, destination_id
    having coalesce(sum(shares.share), 0) <> 1
),

allotted as (
    select * from shares
    union all
    select * from rests
)

select destinations.scope_hash, allotted.*
from allotted
inner join destinations using (destination_id)
