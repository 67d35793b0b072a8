{{ config(materialized='ephemeral') }}

-- The factor of a year of the nearest area that has one: supplier network, region, country. Of several issues of it the
-- newest that has been delivered.
with factors as (
    select *, {{ energy_carrier('carrier') }} as factor_carrier
    from {{ ref('stg_factors__emission_factors') }}
    where kg_co2e_per_kwh is not null
),

ranked as (
    select
        municipalities.municipality_code, factors.year, basis.carrier, basis.scope, factors.kg_co2e_per_kwh,
        factors.delivery_id,
        row_number() over (
            partition by municipalities.municipality_code, factors.year, basis.carrier
            order by basis.scope_rank, factors.vintage desc, factors.source_name, factors.method, factors.area
        ) as choice_no
    from {{ source('register', 'municipalities') }} as municipalities
    inner join {{ ref('emission_basis') }} as basis
        on municipalities.municipality_code between basis.municipality_from and basis.municipality_to
    inner join factors
        on
            basis.factor_carrier = factors.factor_carrier
            and basis.area = factors.area
            and coalesce(basis.method, factors.method) = factors.method
            and factors.year between basis.valid_from and coalesce(basis.valid_to, 9999)
)

select municipality_code, year, carrier, scope, kg_co2e_per_kwh, delivery_id from ranked where choice_no = 1
