{# True or false of a flag as services and people write it; anything else is no value. Never fails. #}
{% macro yes_or_no(column) -%}
    case
        when lower(trim({{ column }})) in ('ja', 'j', 'yes', 'true', 'sand', 'x', '1') then true
        when lower(trim({{ column }})) in ('nej', 'n', 'no', 'false', 'falsk', '0') then false
    end
{%- endmacro %}
