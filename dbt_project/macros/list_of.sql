{# The values of a group as one text, in order, with commas between them; no value where there is none. #}
{% macro list_of(column, order) -%}
    {{ dbt.listagg(column, "', '", 'order by ' ~ order) }}
{%- endmacro %}
