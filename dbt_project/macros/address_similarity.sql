{#
    How alike two folded addresses are, from 0 to 1. In PostgreSQL by the three-letter pieces they share (pg_trgm), which
    forgives a misspelling and another order; elsewhere by the letters to be changed. Compare within a block only.
#}
{% macro address_similarity(one, other) -%}
    {{ return(adapter.dispatch('address_similarity', 'ejendomstal')(one, other)) }}
{%- endmacro %}

{% macro default__address_similarity(one, other) -%}
    (1 - cast(levenshtein({{ one }}, {{ other }}) as numeric) / greatest(length({{ one }}), length({{ other }})))
{%- endmacro %}

{% macro postgres__address_similarity(one, other) -%}
    cast(public.similarity({{ one }}, {{ other }}) as numeric)
{%- endmacro %}
