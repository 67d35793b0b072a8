{# A code of so many digits, with the leading zeros that a spreadsheet took; a text that is no number stays as it is. #}
{% macro code_of(column, width) -%}
    case
        when translate(trim({{ column }}), '0123456789', '') = '' and length(trim({{ column }})) between 1 and {{ width }}
            then lpad(trim({{ column }}), {{ width }}, '0')
        else {{ text_or_null(column) }}
    end
{%- endmacro %}
