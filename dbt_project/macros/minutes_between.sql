{# Minutes from one time to another. #}
{% macro minutes_between(first, last) -%}
    cast({{ dbt.datediff(first, last, 'minute') }} as bigint)
{%- endmacro %}
