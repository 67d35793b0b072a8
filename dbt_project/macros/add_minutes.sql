{# A timestamp so many minutes later. #}
{% macro add_minutes(column, minutes) -%}
    {{ dbt.dateadd('minute', minutes, column) }}
{%- endmacro %}
