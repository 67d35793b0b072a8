{# The distinct values of an indexed column of a large table, as a query with the column `present_value`. #}
{% macro present_values(relation, column) -%}
    {{ return(adapter.dispatch('present_values', 'ejendomstal')(relation, column)) }}
{%- endmacro %}

{% macro default__present_values(relation, column) -%}
    select distinct {{ column }} as present_value from {{ relation }}
{%- endmacro %}

{# From one value to the next in the index: as many steps as values, not as rows. #}
{% macro postgres__present_values(relation, column) -%}
    with recursive steps as (
        select min({{ column }}) as present_value from {{ relation }}
        union all
        select (select min({{ column }}) from {{ relation }} where {{ column }} > steps.present_value)
        from steps
        where steps.present_value is not null
    )
    select present_value from steps where present_value is not null
{%- endmacro %}
