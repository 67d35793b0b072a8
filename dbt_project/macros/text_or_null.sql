{# Trimmed text; empty text is no value. #}
{% macro text_or_null(column) -%}
    nullif(trim({{ column }}), '')
{%- endmacro %}
