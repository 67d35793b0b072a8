{# True or false of a flag as services and people write it; anything else is no value. #}
{% macro yes_or_no(column) -%}
    case
        when lower(trim({{ column }})) in ('true', '1', 'ja', 'yes') then true
        when lower(trim({{ column }})) in ('false', '0', 'nej', 'no') then false
    end
{%- endmacro %}
