{# Yes or no as people write it; anything else is no value. #}
{% macro boolean_or_null(column) -%}
    case
        when lower(trim({{ column }})) in ('1', 'ja', 'j', 'true', 'sand', 'x') then true
        when lower(trim({{ column }})) in ('0', 'nej', 'n', 'false', 'falsk') then false
    end
{%- endmacro %}
