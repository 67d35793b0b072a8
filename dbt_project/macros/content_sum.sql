{# Aggregate: the sum of a number made of each row's columns; it is another one when the rows of a group are. #}
{% macro content_sum(rows, columns) -%}
    {{ return(adapter.dispatch('content_sum', 'ejendomstal')(rows, columns)) }}
{%- endmacro %}

{% macro default__content_sum(rows, columns) -%}
    sum(hash({{ joined_text(columns) }}))
{%- endmacro %}

{# As publication hashes rows of the same columns (warehouse/publish_sql.py). #}
{% macro postgres__content_sum(rows, columns) -%}
    sum(hash_record_extended({{ rows }}, 0))
{%- endmacro %}
