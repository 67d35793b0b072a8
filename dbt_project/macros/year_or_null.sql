{# The year 19xx or 20xx that a text starts with; anything else is no value. Never fails. #}
{% macro year_or_null(text) -%}
    case
        when substr({{ text }}, 1, 2) in ('19', '20')
            and substr({{ text }}, 3, 1) between '0' and '9'
            and substr({{ text }}, 4, 1) between '0' and '9'
            then cast(substr({{ text }}, 1, 4) as integer)
    end
{%- endmacro %}
