{#
    Minutes after midnight of a time written 8:30, 08.30, 0830 or 08:30:00, or as the part of a day that a spreadsheet
    keeps (0.354166); 24:00 is 1440. Anything else is no value. Never fails.
#}
{% macro minutes_of_day(column) -%}
    {{ return(adapter.dispatch('minutes_of_day', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__minutes_of_day(column) -%}
    {%- set colons = "replace(trim(" ~ column ~ "), '.', ':')" -%}
    case
        when {{ colons }} like '0:_____%'
            then cast(round(try_cast(replace(trim({{ column }}), ',', '.') as decimal(18, 10)) * 1440) as integer)
        when {{ colons }} like '__:__%'
            then try_cast(substr({{ colons }}, 1, 2) as integer) * 60 + try_cast(substr({{ colons }}, 4, 2) as integer)
        when {{ colons }} like '_:__%'
            then try_cast(substr({{ colons }}, 1, 1) as integer) * 60 + try_cast(substr({{ colons }}, 3, 2) as integer)
        when length({{ colons }}) = 4
            then try_cast(substr({{ colons }}, 1, 2) as integer) * 60 + try_cast(substr({{ colons }}, 3, 2) as integer)
    end
{%- endmacro %}

{% macro postgres__minutes_of_day(column) -%}
    {%- set digits = "lpad(replace(replace(trim(" ~ column ~ "), ':', ''), '.', ''), 4, '0')" -%}
    case
        when trim({{ column }}) ~ '^0[.,][0-9]{3,}$'
            then cast(round(cast(replace(trim({{ column }}), ',', '.') as numeric) * 1440) as integer)
        when trim({{ column }}) ~ '^(([01]?[0-9]|2[0-3])[:.][0-5][0-9]|24[:.]00)$'
            or trim({{ column }}) ~ '^([01][0-9]|2[0-3])[0-5][0-9]$'
            then cast(substr({{ digits }}, 1, 2) as integer) * 60 + cast(substr({{ digits }}, 3, 2) as integer)
        when trim({{ column }}) ~ '^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$'
            then cast(substr(trim({{ column }}), 1, 2) as integer) * 60 + cast(substr(trim({{ column }}), 4, 2) as integer)
    end
{%- endmacro %}
