{#
    EMOData's three forms of a date: dd-mm-yyyy, yyyy-mm-dd (a time may follow) and /Date(milliseconds+zone)/, whose
    milliseconds are of a Danish midnight. Anything else, and a day that its month does not have, is no value.
#}
{% macro emo_date(column) -%}
    case
        when {{ column }} like '/Date(%' then {{ date_of_milliseconds(column) }}
        when {{ column }} like '__-__-____%'
            then {{ date_or_null(
                "substr(" ~ column ~ ", 7, 4) || '-' || substr(" ~ column ~ ", 4, 2) || '-' || substr(" ~ column ~ ", 1, 2)"
            ) }}
        else {{ date_or_null('substr(' ~ column ~ ', 1, 10)') }}
    end
{%- endmacro %}

{% macro date_of_milliseconds(column) -%}
    {{ return(adapter.dispatch('date_of_milliseconds', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__date_of_milliseconds(column) -%}
    cast(from_utc_timestamp(
        timestamp_millis(try_cast(regexp_extract({{ column }}, '(-?[0-9]+)', 1) as bigint)), 'Europe/Copenhagen'
    ) as date)
{%- endmacro %}

{% macro postgres__date_of_milliseconds(column) -%}
    case
        when {{ column }} ~ '^/Date\(-?[0-9]{1,14}([+-][0-9]{4})?\)/$'
            then cast(
                to_timestamp(cast(substring({{ column }} from '-?[0-9]+') as numeric) / 1000)
                at time zone 'Europe/Copenhagen' as date
            )
    end
{%- endmacro %}

{# The date of a text yyyy-mm-dd, or no value. Never fails. #}
{% macro date_or_null(text) -%}
    {{ return(adapter.dispatch('date_or_null', 'ejendomstal')(text)) }}
{%- endmacro %}

{% macro default__date_or_null(text) -%}
    try_cast({{ text }} as date)
{%- endmacro %}

{% macro postgres__date_or_null(text) -%}
    case
        when {{ text }} !~ '^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$' then null
        when cast(substr({{ text }}, 9) as integer) <= extract(
            day from cast(substr({{ text }}, 1, 8) || '01' as date) + interval '1 month' - interval '1 day'
        ) then cast({{ text }} as date)
    end
{%- endmacro %}
