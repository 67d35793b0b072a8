{# Number of a text with decimal point (BBR, Dalux, StatBank); anything else is no value. Never fails. #}
{% macro safe_numeric(column) -%}
    {{ return(adapter.dispatch('safe_numeric', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__safe_numeric(column) -%}
    try_cast(trim({{ column }}) as decimal(28, 8))
{%- endmacro %}

{% macro postgres__safe_numeric(column) -%}
    case when {{ column }} ~ '^\s*-?[0-9]+(\.[0-9]*)?\s*$' then cast({{ column }} as numeric) end
{%- endmacro %}
