{# The Danish date of a moment (a timestamp with time zone). #}
{% macro danish_day(column) -%}
    {{ return(adapter.dispatch('danish_day', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__danish_day(column) -%}
    cast(from_utc_timestamp({{ column }}, 'Europe/Copenhagen') as date)
{%- endmacro %}

{% macro postgres__danish_day(column) -%}
    cast({{ column }} at time zone 'Europe/Copenhagen' as date)
{%- endmacro %}
