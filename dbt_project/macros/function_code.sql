{#
    The five digits of an authorised function: 3.22.01 and 32201 are 32201; a spreadsheet's 2201 or 2201.0 is 02201.
#}
{% macro function_code(column) -%}
    {%- set whole -%}
        case
            when trim({{ column }}) like '%.0' and trim({{ column }}) not like '%.%.%' then replace(trim({{ column }}), '.0', '')
            else replace(trim({{ column }}), '.', '')
        end
    {%- endset -%}
    case
        when length({{ without_leading_zeros(whole) }}) <= 5 then lpad({{ without_leading_zeros(whole) }}, 5, '0')
        else nullif({{ whole }}, '')
    end
{%- endmacro %}
