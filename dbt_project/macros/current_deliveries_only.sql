{#
    An incremental model whose rows each come from one delivery: what no longer counts goes out by a pre-hook, what counts
    and is not there yet comes in. A correction of an old year is a new delivery in place of an old one, so it needs
    nothing of its own. Both happen in one transaction.

    config(
        materialized='incremental', incremental_strategy='append', unlogged=false,
        pre_hook="{{ drop_superseded_deliveries('eloverblik', 'readings') }}"
    )
    select ... from {{ ref('stg_eloverblik__readings') }}
    where {{ new_deliveries_only('eloverblik', 'readings') }}

    The table is logged: a crash empties an unlogged one, and the model would then take the empty table for a full one.
#}
{% macro drop_superseded_deliveries(source_name, table) -%}
    {%- if is_incremental() -%}
    delete from {{ this }} where delivery_id not in ({{ current_delivery_ids(source_name, table) }})
    {%- endif -%}
{%- endmacro %}

{# The ids stand in the statement, so that an index over delivery_id can be used and nothing else is read. #}
{% macro new_deliveries_only(source_name, table) -%}
    {%- if execute and is_incremental() -%}
        {%- set found = run_query(
            current_delivery_ids(source_name, table) ~ ' and delivery_id not in (select delivery_id from ' ~ this ~ ')'
        ) -%}
        delivery_id in ({{ (found.columns[0].values() | map('string') | list or ['-1']) | join(', ') }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{% macro current_delivery_ids(source_name, table) -%}
    select delivery_id from {{ source('ops', 'current_deliveries') }}
    where source = '{{ source_name }}' and stream = '{{ table }}'
{%- endmacro %}
