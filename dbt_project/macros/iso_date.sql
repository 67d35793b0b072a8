{# Date (UTC) of an ISO 8601 date or time; anything else, 30 February included, is no value. Never fails. #}
{% macro iso_date(column) -%}
    {{ return(adapter.dispatch('iso_date', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__iso_date(column) -%}
    try_cast(substr(trim({{ column }}), 1, 10) as date)
{%- endmacro %}

{% macro postgres__iso_date(column) -%}
    case
        when trim({{ column }}) ~ '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]|$)'
            and left(trim({{ column }}), 4) <> '0000'
            and cast(substr(trim({{ column }}), 9, 2) as integer) <= extract(
                day from make_date(
                    cast(substr(trim({{ column }}), 1, 4) as integer), cast(substr(trim({{ column }}), 6, 2) as integer), 1
                ) + cast('1 month - 1 day' as interval)
            )
            then cast(left(trim({{ column }}), 10) as date)
    end
{%- endmacro %}
