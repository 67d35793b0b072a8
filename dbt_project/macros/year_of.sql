{# Calendar year of a date. #}
{% macro year_of(column) -%}
    cast(extract(year from {{ column }}) as integer)
{%- endmacro %}
