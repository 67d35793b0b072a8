{# Number of a company: eight digits. Another text, a person's number too, is no value. Never fails. #}
{% macro cvr_number(column) -%}
    case
        when length(trim({{ column }})) = 8 and {{ column }} not like '%-%' and {{ safe_integer(column) }} is not null
            then trim({{ column }})
    end
{%- endmacro %}
