{# Aggregate: the sum of a number made of each row of a table; it is another one when the rows of a group are. #}
{% macro content_sum(rows) -%}
    {{ return(adapter.dispatch('content_sum', 'ejendomstal')(rows)) }}
{%- endmacro %}

{% macro default__content_sum(rows) -%}
    sum(hash({{ rows }}))
{%- endmacro %}

{# As publication hashes rows of the same columns (warehouse/publish_sql.py). #}
{% macro postgres__content_sum(rows) -%}
    sum(hash_record_extended({{ rows }}, 0))
{%- endmacro %}
