{# First day of the month of a date. #}
{% macro first_of_month(column) -%}
    cast({{ dbt.date_trunc('month', column) }} as date)
{%- endmacro %}
