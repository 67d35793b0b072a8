{#
    Moment (UTC) of an ISO 8601 text with a time: `2021-04-06T05:07:28.172317Z`, or with an offset as the old REST
    service writes it. Without either it is taken as UTC. Anything else, and a day that does not exist, is no value.
    Never fails.
#}
{% macro safe_timestamp(column) -%}
    {{ return(adapter.dispatch('safe_timestamp', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__safe_timestamp(column) -%}
    try_cast(trim({{ column }}) as timestamp with time zone)
{%- endmacro %}

{% macro postgres__safe_timestamp(column) -%}
    {%- set day = "([12][0-9]{3}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
        ~ "|[12][0-9](0[48]|[2468][048]|[13579][26])-02-29|(1[26]|2[048])00-02-29)" -%}
    {%- set clock = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?" -%}
    {%- set zone = "(Z|[+-](0[0-9]|1[0-4]):?[0-5][0-9])?" -%}
    case
        when trim({{ column }}) ~ '^{{ day }}[T ]{{ clock }}{{ zone }}$'
            then cast(
                trim({{ column }})
                || case when trim({{ column }}) ~ '(Z|[+-][0-9]{2}:?[0-9]{2})$' then '' else 'Z' end as timestamptz
            )
    end
{%- endmacro %}
