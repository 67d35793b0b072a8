{# Building number 007 is building number 7; spreadsheets lose the zeros, registers keep them. All zeros is no value. #}
{% macro without_leading_zeros(column) -%}
    {{ return(adapter.dispatch('without_leading_zeros', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__without_leading_zeros(column) -%}
    nullif(trim(leading '0' from trim({{ column }})), '')
{%- endmacro %}
