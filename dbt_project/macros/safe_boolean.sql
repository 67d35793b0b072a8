{# Yes or no of a text: true/false, 1/0, ja/nej in any case; anything else is no value. #}
{% macro safe_boolean(column) -%}
    case
        when lower(trim({{ column }})) in ('true', '1', 'ja') then true
        when lower(trim({{ column }})) in ('false', '0', 'nej') then false
    end
{%- endmacro %}
