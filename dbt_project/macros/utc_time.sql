{# The time of a text like 2025-06-30T22:00:00Z, as a timestamp without zone in UTC; anything else is no value. Never fails. #}
{% macro utc_time(column) -%}
    {{ return(adapter.dispatch('utc_time', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__utc_time(column) -%}
    try_cast(replace(replace({{ column }}, 'T', ' '), 'Z', '') as timestamp)
{%- endmacro %}

{# Days that every month has need no second look: this runs on every reading. #}
{% macro postgres__utc_time(column) -%}
    {%- set month, time = '^[12][0-9]{3}-(0[1-9]|1[0-2])-', 'T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?Z$' -%}
    case
        when {{ column }} ~ '{{ month }}(0[1-9]|1[0-9]|2[0-8]){{ time }}'
            or ({{ column }} ~ '{{ month }}(29|30|31){{ time }}' and {{ date_or_null('substr(' ~ column ~ ', 1, 10)') }} is not null)
            then cast(rtrim({{ column }}, 'Z') as timestamp)
    end
{%- endmacro %}
