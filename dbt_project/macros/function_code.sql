{#
    The five digits of an authorised function: 3.22.01 and 32201 are 32201; a spreadsheet's 2201 or 2201.0 is 02201.
#}
{% macro function_code(column) -%}
    case
        when trim({{ column }}) like '%.0' and trim({{ column }}) not like '%.%.%'
            then lpad(replace(trim({{ column }}), '.0', ''), 5, '0')
        when length(replace(trim({{ column }}), '.', '')) between 1 and 5
            then lpad(replace(trim({{ column }}), '.', ''), 5, '0')
        else nullif(trim({{ column }}), '')
    end
{%- endmacro %}
