{# Days from a first day to the first day after. #}
{% macro days_between(first_day, day_after) -%}
    {{ dbt.datediff(first_day, day_after, 'day') }}
{%- endmacro %}
