{# The time of a text like 2025-06-30T22:00:00Z, as a timestamp without zone in UTC. The connector has read it as one. #}
{% macro utc_time(column) -%}
    {{ return(adapter.dispatch('utc_time', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__utc_time(column) -%}
    cast(replace(replace({{ column }}, 'T', ' '), 'Z', '') as timestamp)
{%- endmacro %}
