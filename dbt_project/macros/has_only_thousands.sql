{# Whether the dots of a number all stand before groups of three digits: 23.350, 1.234.567-. #}
{% macro has_only_thousands(column) -%}
    {{ return(adapter.dispatch('has_only_thousands', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__has_only_thousands(column) -%}
    regexp_like({{ column }}, '^\\s*[-+]?[0-9]{1,3}([.][0-9]{3})+\\s*-?\\s*$')
{%- endmacro %}

{% macro postgres__has_only_thousands(column) -%}
    {{ column }} ~ '^\s*[-+]?[0-9]{1,3}(\.[0-9]{3})+\s*-?\s*$'
{%- endmacro %}
