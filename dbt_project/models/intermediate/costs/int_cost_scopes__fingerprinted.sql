{%- set mapping = [
    ('rules', 'account_rules', 'rule_no, group_no, priority, cost_category, property_no, share, split, split_uses, tags'),
    ('split_keys', 'split_keys', 'split_key, property_no, share'),
    ('links', 'property_links', 'link_type, source_key, property_no, share'),
] -%}
{%- set master_columns = ['source', 'dimension', 'code', 'property_no', 'function_code', 'dranst', 'ownership_code',
                          'grouping_code', 'art_code', 'account_class'] -%}
{%- set hashes = ['municipality_code', 'fiscal_year', 'deliveries', 'rules.content', 'split_keys.content',
                  'links.content', 'masters.content', 'properties.content', 'weights.content'] -%}
-- Everything that the costs of a municipality and fiscal year depend on, as one hash.
with scopes as (
    select municipality_code, fiscal_year, {{ content_hash('delivery_id, batch, postings, amount_dkk') }} as deliveries
    from {{ ref('int_posting_deliveries__counted') }}
    group by municipality_code, fiscal_year
),
{% for name, table, columns in mapping %}
{{ name }} as (
    select
        scopes.municipality_code, scopes.fiscal_year,
        {{ content_hash(columns ~ (', ' ~ rule_patterns(posting_dimensions()) if name == 'rules' else '')) }} as content
    from scopes
    inner join {{ source('register', table) }} as given
        on
            scopes.municipality_code = given.municipality_code
            and scopes.fiscal_year between given.valid_from and given.valid_to
    group by scopes.municipality_code, scopes.fiscal_year
),
{% endfor %}
masters as (
    select
        municipality_code,
        {{ content_hash(master_columns | join(', ')) }} as content
    from {{ ref('int_ledger_masters__unioned') }}
    group by municipality_code
),

properties as (
    select
        municipality_code, fiscal_year,
        {{ content_hash('property_no, property_id, use_category, tenure, share') }} as content
    from {{ ref('int_cost_properties__used') }}
    group by municipality_code, fiscal_year
),

-- Only where a rule splits by them: areas change oftener than costs.
splits as (
    select distinct scopes.municipality_code, scopes.fiscal_year, given.split
    from scopes
    inner join {{ source('register', 'account_rules') }} as given
        on
            scopes.municipality_code = given.municipality_code
            and scopes.fiscal_year between given.valid_from and given.valid_to
),

weights as (
    select
        splits.municipality_code, splits.fiscal_year,
        {{ content_hash('measured.split, property_id, use_category, tenure, weight') }} as content
    from splits
    inner join {{ ref('int_split_weights__measured') }} as measured
        on
            splits.municipality_code = measured.municipality_code
            and splits.fiscal_year = measured.fiscal_year
            and splits.split = measured.split
    group by splits.municipality_code, splits.fiscal_year
)

select
    municipality_code, fiscal_year,
    md5({{ joined_text(hashes | join(', ')) }}) as scope_hash
from scopes
left join rules using (municipality_code, fiscal_year)
left join split_keys using (municipality_code, fiscal_year)
left join links using (municipality_code, fiscal_year)
left join masters using (municipality_code)
left join properties using (municipality_code, fiscal_year)
left join weights using (municipality_code, fiscal_year)
