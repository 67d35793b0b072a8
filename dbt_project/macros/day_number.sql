{# Days from Monday 1 January 1996 to a date: its remainder by 7 is 0 on a Monday. #}
{% macro day_number(date) -%}
    {{ dbt.datediff("cast('1996-01-01' as date)", date, 'day') }}
{%- endmacro %}

{# Day number of the first day of a year. #}
{% macro first_day_of(year) -%}
    {{ day_number(first_of_year(year)) }}
{%- endmacro %}

{# How often a weekday (1 is Monday) comes from one day number up to, not including, another. #}
{% macro weekdays_between(first_day, next_day, weekday) -%}
    (floor(({{ next_day }} - {{ weekday }} + 7) / 7.0) - floor(({{ first_day }} - {{ weekday }} + 7) / 7.0))
{%- endmacro %}
