{# The day after a date. #}
{% macro day_after(day) -%}
    cast({{ dbt.dateadd('day', 1, day) }} as date)
{%- endmacro %}
