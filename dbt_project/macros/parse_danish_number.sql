{# Number as a Dane writes it for people: 2.351 is two thousand, 7,3 and 100,0 % have a decimal comma. Never fails. #}
{% macro parse_danish_number(column) -%}
    {{ safe_numeric("replace(translate(" ~ column ~ ", '.% \u00a0', ''), ',', '.')") }}
{%- endmacro %}
