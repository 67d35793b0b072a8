{# Year 19xx or 20xx at the start or, after dd-mm- or dd.mm., at the end of a text; anything else is no value. #}
{% macro safe_year(column) -%}
    case
        when trim({{ column }}) like '__-__-____' or trim({{ column }}) like '__.__.____'
            then {{ year_or_null('substr(trim(' ~ column ~ '), 7, 4)') }}
        else {{ year_or_null('substr(trim(' ~ column ~ '), 1, 4)') }}
    end
{%- endmacro %}

{% macro year_or_null(text) -%}
    case
        when substr({{ text }}, 1, 2) in ('19', '20')
            and substr({{ text }}, 3, 1) in ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')
            and substr({{ text }}, 4, 1) in ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9')
            then cast(substr({{ text }}, 1, 4) as integer)
    end
{%- endmacro %}
