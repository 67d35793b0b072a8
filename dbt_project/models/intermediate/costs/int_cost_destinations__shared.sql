{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    indexes=[{'columns': ['scope_hash']}, {'columns': ['municipality_code', 'fiscal_year']}],
    pre_hook='{{ forget_scopes() }}',
) }}

-- Which properties carry the money of a destination, in which shares: the rule's property or split, else the
-- municipality's own links of PSP element and cost centre, else the ledger's masters.
with destinations as (
    select distinct scope_hash, municipality_code, fiscal_year, destination_id, property_no, split, split_uses
    from {{ ref('int_posting_keys__categorised') }}
    where {{ in_changed_scopes() }}
),

units as (
    {%- for dimension, column in unit_dimensions().items() %}
    select distinct
        municipality_code, fiscal_year, destination_id, source, '{{ dimension }}' as dimension, {{ column }} as code,
        {{ loop.index }} as dimension_no
    from {{ ref('int_posting_keys__categorised') }}
    where {{ in_changed_scopes() }} and property_no is null and split is null and {{ column }} <> ''
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

claims as (
    select municipality_code, fiscal_year, destination_id, property_no, cast(1 as numeric) as share, 0 as rank_no
    from destinations
    where property_no is not null
    union all
    select destinations.municipality_code, destinations.fiscal_year, destinations.destination_id, given.property_no, given.share, 0
    from destinations
    inner join {{ source('register', 'split_keys') }} as given
        on
            destinations.municipality_code = given.municipality_code
            and destinations.split = given.split_key
            and destinations.fiscal_year between given.valid_from and given.valid_to
    union all
    select units.municipality_code, units.fiscal_year, units.destination_id, given.property_no, given.share, units.dimension_no
    from units
    inner join {{ source('register', 'property_links') }} as given
        on
            units.municipality_code = given.municipality_code
            and units.dimension = given.link_type
            and units.code = given.source_key
            and units.fiscal_year between given.valid_from and given.valid_to
    union all
    select units.municipality_code, units.fiscal_year, units.destination_id, masters.property_no, 1, 100 + units.dimension_no
    from units
    inner join {{ ref('int_ledger_masters__unioned') }} as masters using (municipality_code, source, dimension, code)
    where masters.property_no is not null
),

ranked as (
    select *, min(rank_no) over (partition by municipality_code, fiscal_year, destination_id) as first_rank_no
    from claims
),

-- A property that no FM system knows is no property.
claimed as (
    select
        ranked.municipality_code, ranked.fiscal_year, ranked.destination_id, used.property_id, used.use_category,
        used.tenure, sum(ranked.share * used.share) as share
    from ranked
    inner join {{ ref('int_cost_properties__used') }} as used using (municipality_code, fiscal_year, property_no)
    where ranked.rank_no = ranked.first_rank_no
    group by
        ranked.municipality_code, ranked.fiscal_year, ranked.destination_id, used.property_id, used.use_category,
        used.tenure
),

weighed as (
    select
        destinations.municipality_code, destinations.fiscal_year, destinations.destination_id, weights.property_id,
        weights.use_category, weights.tenure,
        round(weights.weight / sum(weights.weight) over (
            partition by destinations.municipality_code, destinations.fiscal_year, destinations.destination_id
        ), 12) as share,
        row_number() over (
            partition by destinations.municipality_code, destinations.fiscal_year, destinations.destination_id
            order by weights.weight desc, weights.property_id, weights.use_category, weights.tenure
        ) as size_no
    from destinations
    inner join {{ ref('int_split_weights__measured') }} as weights
        on
            destinations.municipality_code = weights.municipality_code
            and destinations.fiscal_year = weights.year
            and destinations.split = weights.split
            and (
                destinations.split_uses = ''
                or ' ' || destinations.split_uses || ' ' like '% ' || weights.use_category || ' %'
            )
),

-- The largest gets what rounding left.
shares as (
    select * from claimed
    union all
    select
        municipality_code, fiscal_year, destination_id, property_id, use_category, tenure,
        case
            when size_no = 1
                then 1 - sum(share) over (partition by municipality_code, fiscal_year, destination_id) + share
            else share
        end as share
    from weighed
),

-- What no property takes stays with the municipality, so that the shares of a destination always sum to one.
rests as (
    select
        destinations.municipality_code, destinations.fiscal_year, destinations.destination_id,
        cast(null as text) as property_id, 'none' as use_category, 'none' as tenure,
        1 - coalesce(sum(shares.share), 0) as share
    from destinations
    left join shares using (municipality_code, fiscal_year, destination_id)
    group by destinations.municipality_code, destinations.fiscal_year, destinations.destination_id
    having coalesce(sum(shares.share), 0) <> 1
)

select destinations.scope_hash, allotted.*
from (select * from shares union all select * from rests) as allotted
inner join (select distinct scope_hash, municipality_code, fiscal_year from destinations) as destinations
    using (municipality_code, fiscal_year)
