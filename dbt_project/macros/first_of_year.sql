{# 1 January of a year, for years of four digits. #}
{% macro first_of_year(year) -%}
    cast(cast({{ year }} as {{ dbt.type_string() }}) || '-01-01' as date)
{%- endmacro %}
