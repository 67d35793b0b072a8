{# A spelling of a use as register.fm_uses compares it: lower case, ae/oe/aa, single blanks. #}
{% macro fold_use(column) -%}
    {{ return(adapter.dispatch('fold_use', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__fold_use(column) -%}
    regexp_replace(replace(replace(replace(lower(trim({{ column }})), 'æ', 'ae'), 'ø', 'oe'), 'å', 'aa'), '\\s+', ' ')
{%- endmacro %}

{% macro postgres__fold_use(column) -%}
    regexp_replace(
        replace(replace(replace(lower(trim({{ column }})), 'æ', 'ae'), 'ø', 'oe'), 'å', 'aa'), '\s+', ' ', 'g'
    )
{%- endmacro %}
