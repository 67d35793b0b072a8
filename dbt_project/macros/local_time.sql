{#
    The timestamp of a local time written as yyyy-mm-dd or dd-mm-yyyy, alone or followed by a time, or as
    yyyymmddThhmmss. Anything else is no value. Never fails.
#}
{% macro local_time(column) -%}
    case
        when {{ column }} like '____-__-__%'
            then {{ time_or_null('substr(' ~ column ~ ', 1, 10)', 'substr(' ~ column ~ ', 12)') }}
        when {{ column }} like '__-__-____%'
            then {{ time_or_null(
                "substr(" ~ column ~ ", 7, 4) || '-' || substr(" ~ column ~ ", 4, 2) || '-' || substr(" ~ column ~ ", 1, 2)",
                'substr(' ~ column ~ ', 12)'
            ) }}
        when {{ column }} like '________T______'
            then {{ time_or_null(
                "substr(" ~ column ~ ", 1, 4) || '-' || substr(" ~ column ~ ", 5, 2) || '-' || substr(" ~ column ~ ", 7, 2)",
                "substr(" ~ column ~ ", 10, 2) || ':' || substr(" ~ column ~ ", 12, 2) || ':' || substr(" ~ column ~ ", 14, 2)"
            ) }}
    end
{%- endmacro %}

{# The timestamp of a date yyyy-mm-dd and a time hh:mm or hh:mm:ss or nothing. #}
{% macro time_or_null(day, time) -%}
    {{ return(adapter.dispatch('time_or_null', 'ejendomstal')(day, time)) }}
{%- endmacro %}

{% macro default__time_or_null(day, time) -%}
    try_cast({{ day }} || ' ' || coalesce(nullif({{ time }}, ''), '00:00') as timestamp)
{%- endmacro %}

{% macro postgres__time_or_null(day, time) -%}
    case
        when {{ date_or_null(day) }} is not null and {{ time }} ~ '^(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?$'
            then cast({{ day }} || ' ' || {{ time }} as timestamp)
    end
{%- endmacro %}
