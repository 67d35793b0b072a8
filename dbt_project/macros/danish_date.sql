{# The Danish date of a timestamp in UTC: a day there begins at 22:00 in summer, at 23:00 in winter. #}
{% macro danish_date(column) -%}
    {{ return(adapter.dispatch('danish_date', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__danish_date(column) -%}
    cast(from_utc_timestamp({{ column }}, 'Europe/Copenhagen') as date)
{%- endmacro %}

{% macro postgres__danish_date(column) -%}
    cast({{ column }} at time zone 'UTC' at time zone 'Europe/Copenhagen' as date)
{%- endmacro %}
