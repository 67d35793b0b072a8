{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    indexes=[{'columns': ['scope_hash']}], pre_hook='{{ forget_scopes() }}',
) }}

-- Which properties a destination of money names: the rule's own property or key of shares, else the municipality's
-- links of the cost unit, else the ledger's masters. Of several the first counts.
with keys as (
    select * from {{ ref('int_posting_keys__categorised') }} where {{ in_changed_scopes() }}
),

destinations as (
    select distinct scope_hash, municipality_code, fiscal_year, destination_id, property_no, split from keys
),

units as (
    {%- for pair in unit_dimensions().split(', ') %}
    {%- set dimension, column = pair.split(' ') %}
    select distinct
        scope_hash, municipality_code, fiscal_year, destination_id, source,
        '{{ dimension }}' as dimension, {{ column }} as code, {{ loop.index }} as dimension_no
    from keys
    where property_no is null and split is null and {{ column }} <> ''
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

claims as (
    select
        scope_hash, municipality_code, fiscal_year, destination_id, property_no, cast(1 as numeric) as share,
        0 as rank_no
    from destinations
    where property_no is not null
    union all
    select
        destinations.scope_hash, destinations.municipality_code, destinations.fiscal_year,
        destinations.destination_id, given.property_no, given.share, 0 as rank_no
    from destinations
    inner join {{ source('register', 'split_keys') }} as given
        on
            destinations.municipality_code = given.municipality_code
            and destinations.split = given.split_key
            and destinations.fiscal_year between given.valid_from and given.valid_to
    union all
    select
        units.scope_hash, units.municipality_code, units.fiscal_year, units.destination_id, given.property_no,
        given.share, units.dimension_no as rank_no
    from units
    inner join {{ source('register', 'property_links') }} as given
        on
            units.municipality_code = given.municipality_code
            and units.dimension = given.link_type
            and units.code = given.source_key
            and units.fiscal_year between given.valid_from and given.valid_to
    union all
    select
        units.scope_hash, units.municipality_code, units.fiscal_year, units.destination_id, masters.property_no,
        1 as share, 100 + units.dimension_no as rank_no
    from units
    inner join {{ ref('int_ledger_masters__unioned') }} as masters using (municipality_code, source, dimension, code)
    where masters.property_no is not null
),

ranked as (
    select *, min(rank_no) over (partition by municipality_code, fiscal_year, destination_id) as first_rank_no
    from claims
)

select scope_hash, municipality_code, fiscal_year, destination_id, property_no, share
from ranked
where rank_no = first_rank_no
