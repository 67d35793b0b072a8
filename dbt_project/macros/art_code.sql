{# Two digits of an authorised art: 45, 4.5 and the 45.0 of a spreadsheet; 4.0 is 40. Another text is no value. #}
{% macro art_code(column) -%}
    {%- set bare -%}
        case
            when trim({{ column }}) like '__.0' then substr(trim({{ column }}), 1, 2)
            else replace(trim({{ column }}), '.', '')
        end
    {%- endset -%}
    case when length({{ bare }}) = 2 and translate({{ bare }}, '0123456789', '') = '' then {{ bare }} end
{%- endmacro %}
