{#
    Year of a date or period that may be written as dd-mm-yyyy, dd.mm.yyyy, ddmmyyyy, mm-yyyy, or year first. Anything
    else, and a year that is not 19xx or 20xx, is no value. Never fails.
#}
{% macro safe_year(column) -%}
    case
        when trim({{ column }}) like '__-__-____' or trim({{ column }}) like '__.__.____'
            then {{ year_or_null('substr(trim(' ~ column ~ '), 7, 4)') }}
        when trim({{ column }}) like '__-____' or trim({{ column }}) like '__.____'
            then {{ year_or_null('substr(trim(' ~ column ~ '), 4, 4)') }}
        when length(trim({{ column }})) = 8 and substr(trim({{ column }}), 5, 2) in ('19', '20')
            then {{ year_or_null('substr(trim(' ~ column ~ '), 5, 4)') }}
        else {{ year_or_null('trim(' ~ column ~ ')') }}
    end
{%- endmacro %}
