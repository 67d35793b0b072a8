{# A table just made has no statistics, and plans over it would be guesses. #}
{% macro gather_statistics(relation) -%}
    {{ return(adapter.dispatch('gather_statistics', 'ejendomstal')(relation)) }}
{%- endmacro %}

{% macro default__gather_statistics(relation) -%}
{%- endmacro %}

{% macro postgres__gather_statistics(relation) -%}
    {%- if model.config.materialized in ('table', 'incremental') -%} analyze {{ relation }} {%- endif -%}
{%- endmacro %}
