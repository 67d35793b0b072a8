{#
    Number as StatBank's BULK writes it: decimal comma in Danish, point in English, never a mark of thousands. `..`, `-`
    and nothing are no value; a 0 is a real zero. Never fails.
#}
{% macro parse_statbank_value(column) -%}
    {{ safe_numeric("replace(" ~ column ~ ", ',', '.')") }}
{%- endmacro %}
