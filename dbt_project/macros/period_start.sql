{#
    First day of the month of a period written as yyyy-mm, mm-yyyy, yyyymm, yyyy-mm-dd, dd-mm-yyyy or with points, of the
    year where it is four digits alone. Anything else is no value. Never fails.
#}
{% macro period_start(column) -%}
    {%- set text = 'trim(' ~ column ~ ')' -%}
    case
        when {{ safe_year(column) }} is null then null
        when length({{ text }}) = 4 then {{ month_or_null(text, "'01'") }}
        when {{ text }} like '__-__-____' or {{ text }} like '__.__.____' then {{ month_or_null(text, 'substr(' ~ text ~ ', 4, 2)') }}
        when {{ text }} like '__-____' or {{ text }} like '__.____' then {{ month_or_null(text, 'substr(' ~ text ~ ', 1, 2)') }}
        when {{ text }} like '____-__%' or {{ text }} like '____.__%' then {{ month_or_null(text, 'substr(' ~ text ~ ', 6, 2)') }}
        when length({{ text }}) = 8 and substr({{ text }}, 5, 2) in ('19', '20') then {{ month_or_null(text, 'substr(' ~ text ~ ', 3, 2)') }}
        when length({{ text }}) in (6, 8) then {{ month_or_null(text, 'substr(' ~ text ~ ', 5, 2)') }}
    end
{%- endmacro %}

{% macro month_or_null(text, month) -%}
    case
        when {{ month }} in ('01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12')
            then cast(cast({{ safe_year(text) }} as {{ dbt.type_string() }}) || '-' || {{ month }} || '-01' as date)
    end
{%- endmacro %}
