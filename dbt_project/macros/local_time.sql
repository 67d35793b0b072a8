{#
    The timestamp of a local time that the connector has read as one: yyyy-mm-dd or dd-mm-yyyy, alone or followed by a
    time, or yyyymmddThhmmss. Another shape is no value.
#}
{% macro local_time(column) -%}
    case
        when {{ column }} like '____-__-__%'
            then cast(replace({{ column }}, 'T', ' ') as timestamp)
        when {{ column }} like '__-__-____%'
            then cast(
                substr({{ column }}, 7, 4) || '-' || substr({{ column }}, 4, 2) || '-' || substr({{ column }}, 1, 2)
                || substr({{ column }}, 11) as timestamp
            )
        when {{ column }} like '________T______'
            then cast(
                substr({{ column }}, 1, 4) || '-' || substr({{ column }}, 5, 2) || '-' || substr({{ column }}, 7, 2)
                || ' ' || substr({{ column }}, 10, 2) || ':' || substr({{ column }}, 12, 2)
                || ':' || substr({{ column }}, 14, 2) as timestamp
            )
    end
{%- endmacro %}
