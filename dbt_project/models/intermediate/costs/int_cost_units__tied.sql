-- A cost unit is a PSP element with a cost centre. The municipality's own links come before the ledger's masters.
with units as (
    select distinct municipality_code, fiscal_year, psp_element, cost_centre from {{ ref('int_posting_keys__summed') }}
),

links as (
    select * from {{ source('register', 'property_links') }} where link_type in ('psp', 'cost_centre')
),

claims as (
    select units.*, links.property_no, links.share, 1 as rank_no
    from units
    inner join links
        on
            units.municipality_code = links.municipality_code
            and units.psp_element = links.source_key
            and units.fiscal_year between links.valid_from and links.valid_to
    where links.link_type = 'psp'
    union all
    select units.*, links.property_no, links.share, 2 as rank_no
    from units
    inner join links
        on
            units.municipality_code = links.municipality_code
            and units.cost_centre = links.source_key
            and units.fiscal_year between links.valid_from and links.valid_to
    where links.link_type = 'cost_centre'
    union all
    select units.*, masters.property_no, 1 as share, 3 as rank_no
    from units
    inner join {{ ref('stg_ledger_opus__psp_elements') }} as masters using (municipality_code, psp_element)
    where masters.property_no is not null
    union all
    select units.*, masters.property_no, 1 as share, 4 as rank_no
    from units
    inner join {{ ref('stg_ledger_prisme__cost_centres') }} as masters
        on units.municipality_code = masters.municipality_code and units.cost_centre = masters.carrier
    where masters.property_no is not null
),

ranked as (
    select
        *,
        rank() over (partition by municipality_code, fiscal_year, psp_element, cost_centre order by rank_no) as claim_no
    from claims
),

-- A property that no FM system knows is no property.
shares as (
    select
        ranked.municipality_code, ranked.fiscal_year, ranked.psp_element, ranked.cost_centre, properties.property_id,
        sum(ranked.share) as share
    from ranked
    inner join {{ ref('int_properties__unioned') }} as properties using (municipality_code, property_no)
    where ranked.claim_no = 1
    group by
        ranked.municipality_code, ranked.fiscal_year, ranked.psp_element, ranked.cost_centre, properties.property_id
),

-- What no property takes stays with the municipality, so that the shares of a unit always sum to one.
rests as (
    select
        units.municipality_code, units.fiscal_year, units.psp_element, units.cost_centre,
        cast(null as text) as property_id, 1 - coalesce(sum(shares.share), 0) as share
    from units
    left join shares using (municipality_code, fiscal_year, psp_element, cost_centre)
    group by units.municipality_code, units.fiscal_year, units.psp_element, units.cost_centre
    having coalesce(sum(shares.share), 0) <> 1
)

select * from shares
union all
select * from rests
