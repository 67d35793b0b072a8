{# A date so many years later. #}
{% macro add_years(day, years) -%}
    cast({{ dbt.dateadd('year', years, day) }} as date)
{%- endmacro %}
