{# 31 December of a year, for years of four digits. #}
{% macro last_of_year(year) -%}
    cast(cast({{ year }} as {{ dbt.type_string() }}) || '-12-31' as date)
{%- endmacro %}
