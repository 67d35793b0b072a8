{#
    Date of a text that landing has checked as one: dd-mm-yyyy, dd.mm.yyyy, yyyy-mm-dd (a time may follow), yyyymmdd or
    ddmmyyyy, also mixed in one file. Eight digits are told apart by where a year 19xx or 20xx can stand: a month is
    never 19 or 20. Another shape is no value; use safe_date where landing has not checked.
#}
{% macro parse_date(column) -%}
    case
        when {{ column }} like '__-__-____' or {{ column }} like '__.__.____'
            then {{ make_date('substr(' ~ column ~ ', 7, 4)', 'substr(' ~ column ~ ', 4, 2)', 'substr(' ~ column ~ ', 1, 2)') }}
        when {{ column }} like '____-__-__%'
            then {{ make_date('substr(' ~ column ~ ', 1, 4)', 'substr(' ~ column ~ ', 6, 2)', 'substr(' ~ column ~ ', 9, 2)') }}
        when length({{ column }}) = 8 and substr({{ column }}, 5, 2) in ('19', '20')
            then {{ make_date('substr(' ~ column ~ ', 5, 4)', 'substr(' ~ column ~ ', 3, 2)', 'substr(' ~ column ~ ', 1, 2)') }}
        when length({{ column }}) = 8
            then {{ make_date('substr(' ~ column ~ ', 1, 4)', 'substr(' ~ column ~ ', 5, 2)', 'substr(' ~ column ~ ', 7, 2)') }}
    end
{%- endmacro %}

{% macro make_date(year, month, day) -%}
    {{ return(adapter.dispatch('make_date', 'ejendomstal')(year, month, day)) }}
{%- endmacro %}

{% macro default__make_date(year, month, day) -%}
    cast({{ year }} || '-' || {{ month }} || '-' || {{ day }} as date)
{%- endmacro %}

{% macro postgres__make_date(year, month, day) -%}
    make_date(cast({{ year }} as integer), cast({{ month }} as integer), cast({{ day }} as integer))
{%- endmacro %}
