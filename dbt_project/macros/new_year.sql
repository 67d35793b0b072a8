{# 1 January of a year. #}
{% macro new_year(year) -%}
    cast(cast({{ year }} as {{ dbt.type_string() }}) || '-01-01' as date)
{%- endmacro %}
