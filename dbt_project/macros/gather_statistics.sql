{#
    A table just made has no statistics, and plans over it would be guesses. An incremental table keeps those of when it
    was made: what a build adds to it is little.
#}
{% macro gather_statistics(relation) -%}
    {{ return(adapter.dispatch('gather_statistics', 'ejendomstal')(relation)) }}
{%- endmacro %}

{% macro default__gather_statistics(relation) -%}
{%- endmacro %}

{% macro postgres__gather_statistics(relation) -%}
    {%- set kind = model.config.materialized -%}
    {%- if kind == 'table' or (kind == 'incremental' and execute and should_full_refresh()) -%}
        analyze {{ relation }}
    {%- endif -%}
{%- endmacro %}
