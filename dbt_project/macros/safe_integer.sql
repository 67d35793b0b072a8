{# Whole number of a text, `2201.0` included; anything else is no value. Never fails: one odd value must not stop a build. #}
{% macro safe_integer(column) -%}
    {{ return(adapter.dispatch('safe_integer', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__safe_integer(column) -%}
    try_cast(try_cast(trim({{ column }}) as decimal(18, 6)) as integer)
{%- endmacro %}

{% macro postgres__safe_integer(column) -%}
    case
        when {{ column }} ~ '^\s*-?[0-9]{1,9}(\.0*)?\s*$' then cast(cast({{ column }} as numeric) as integer)
    end
{%- endmacro %}
