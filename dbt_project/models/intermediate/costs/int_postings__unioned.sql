{{ config(
    materialized='incremental', incremental_strategy='append', unlogged=false,
    indexes=[{'columns': ['delivery_id']}], pre_hook='{{ forget_ledger_deliveries() }}',
) }}

{%- set opus = {
    'account': 'account', 'art_code': 'art_code', 'psp_element': 'psp_element', 'cost_centre': 'cost_centre',
} -%}
{%- set files = dict(opus, **{
    'function_code': 'function_code', 'dranst': 'dranst', 'ownership_code': 'ownership_code',
    'grouping_code': 'grouping_code', 'cost_centre': 'coalesce(cost_centre, authorised_cost_centre)',
    'profit_centre': 'profit_centre', 'project_no': 'project_no', 'department': 'department', 'carrier': 'carrier',
    'purpose': 'purpose',
}) -%}
{#- In Prisme the carrier is what other ledgers call a cost centre. -#}
{%- set g69 = {
    'account': 'account', 'cost_centre': 'carrier', 'department': 'department', 'carrier': 'carrier', 'purpose': 'purpose',
} -%}
{%- set prisme = dict(g69, **{
    'function_code': 'function_code', 'dranst': 'dranst', 'ownership_code': 'ownership_code',
    'grouping_code': code_of('grouping_code', 3), 'art_code': art_code('art'),
}) -%}
{%- set project_line = dict(opus, function_code=function_code('function_area'), cost_centre=none) -%}
{%- set ledgers = [
    ('ledger_opus', 'postings', dict(opus, profit_centre=text_or_null('profit_centre')), 'fiscal_year, posting_date'),
    ('ledger_opus', 'vouchers', opus, ''),
    ('ledger_opus', 'posting_files', opus, 'posting_date'),
    ('ledger_opus', 'project_lines', project_line, 'fiscal_year, posting_date'),
    ('ledger_prisme', 'postings', prisme, 'fiscal_year, posting_date'),
    ('ledger_prisme', 'g69_postings', dict(g69, project_no='project_no'), 'fiscal_year, posting_date'),
    ('ledger_files', 'postings', files, 'fiscal_year, posting_date'),
    ('ledger_files', 'registered_postings', files, 'fiscal_year, posting_date'),
] -%}
{%- set document = {'vouchers': ('null', 'null'), 'g69_postings': ('null', 'file_line_no')} -%}
{%- set updates = update_streams().split(', ') -%}
{%- set new = new_ledger_deliveries() -%}
-- Each delivery is read and typed once. Function and the like are the line's own; masters come in where keys are
-- summed.
with postings as (
    {%- for source_name, stream, given, when in ledgers %}
    {%- set document_no, line_no = document.get(stream, ('document_no', 'line_no')) %}
    select
        postings.municipality_code,
        delivery_id,
        row_no,
        '{{ source_name }}' as source,
        '{{ stream }}' as stream,
        cast({{ document_no }} as text) as document_no,
        cast({{ line_no }} as text) as line_no,
        {{ 'posting_date' if 'posting_date' in when else 'cast(null as date)' }} as posting_date,
        coalesce(
            {{ 'fiscal_year, ' if 'fiscal_year' in when }}
            {{- year_of('posting_date') ~ ', ' if 'posting_date' in when }}window_year, 0
        ) as fiscal_year,
        {%- for dimension in posting_dimensions().split(', ') %}
        {{ 'coalesce(' ~ given[dimension] ~ ", '')" if given.get(dimension) else "''" }} as {{ dimension }},
        {%- endfor %}
        amount_dkk,
        -- In Opus the art is read off the account: it adds nothing to the key.
        md5(concat_ws(
            '|', '{{ source_name }}'
            {%- for dimension in posting_dimensions().split(', ') %}
            {%- set in_key = given.get(dimension) and not (dimension == 'art_code' and source_name == 'ledger_opus') %},
            {{ 'coalesce(' ~ given[dimension] ~ ", '')" if in_key else "''" }}
            {%- endfor %}
        )) as posting_key_id,
        {{ 'batches.batch' if stream in updates else 'cast(null as text)' }} as batch
    from {{ ref('stg_' ~ source_name ~ '__' ~ stream) }} as postings
    {{ join_ledger_batches(source_name, stream) }}
    where {{ of_new_deliveries(new, source_name, stream) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from postings
