{#
    Date of a text that landing has checked as one: dd-mm-yyyy, dd.mm.yyyy or yyyy-mm-dd (a time may follow), yyyymmdd
    or ddmmyyyy, also mixed in one file. Eight digits are told apart by where a year 19xx or 20xx can stand: a month is
    never 19 or 20. Another shape is no value; use safe_year where landing has not checked. Cheap, for it runs on every
    posting.
#}
{% macro parse_date(column) -%}
    case
        when length({{ column }}) = 8 and substr({{ column }}, 5, 2) in ('19', '20')
            then {{ make_date(column, 5, 3, 1) }}
        when length({{ column }}) = 8
            then {{ make_date(column, 1, 5, 7) }}
        when {{ column }} like '__-__-____%' or {{ column }} like '__.__.____%'
            then {{ make_date(column, 7, 4, 1) }}
        when {{ column }} like '____-__-__%'
            then {{ make_date(column, 1, 6, 9) }}
    end
{%- endmacro %}

{# Date of the four digits of a year and the two each of month and day that start at these places of a text. #}
{% macro make_date(column, year_at, month_at, day_at) -%}
    {{ return(adapter.dispatch('make_date', 'ejendomstal')(column, year_at, month_at, day_at)) }}
{%- endmacro %}

{% macro default__make_date(column, year_at, month_at, day_at) -%}
    cast(
        substr({{ column }}, {{ year_at }}, 4) || '-' || substr({{ column }}, {{ month_at }}, 2) || '-'
        || substr({{ column }}, {{ day_at }}, 2) as date
    )
{%- endmacro %}

{% macro postgres__make_date(column, year_at, month_at, day_at) -%}
    {%- if (year_at, month_at, day_at) == (1, 5, 7) -%}
        cast({{ column }} as date)
    {%- else -%}
        make_date(
            cast(substr({{ column }}, {{ year_at }}, 4) as integer),
            cast(substr({{ column }}, {{ month_at }}, 2) as integer),
            cast(substr({{ column }}, {{ day_at }}, 2) as integer)
        )
    {%- endif -%}
{%- endmacro %}
