{# Aggregate: a text that changes when the rows of a group change in these columns, whatever their order. #}
{% macro content_hash(columns) -%}
    {{ return(adapter.dispatch('content_hash', 'ejendomstal')(columns)) }}
{%- endmacro %}

{% macro default__content_hash(columns) -%}
    md5({{ list_of(joined_text(columns), joined_text(columns)) }})
{%- endmacro %}

{% macro postgres__content_hash(columns) -%}
    cast(sum(hashtextextended({{ joined_text(columns) }}, 0)) as text)
{%- endmacro %}

{# Columns, in a list with commas, as one text with marks between them that no code holds. #}
{% macro joined_text(columns) -%}
    concat_ws('|'{% for column in columns.split(', ') %}, coalesce(cast({{ column }} as text), ''){% endfor %})
{%- endmacro %}
