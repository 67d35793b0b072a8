{# The postcode of an address of DAR, "Vejnavn 12, 4000 By"; no value where there is none. Never fails. #}
{% macro postcode_of(address) -%}
    {{ return(adapter.dispatch('postcode_of', 'ejendomstal')(address)) }}
{%- endmacro %}

{% macro default__postcode_of(address) -%}
    nullif(regexp_extract({{ address }}, ', ([0-9]{4}) [^,]*$', 1), '')
{%- endmacro %}

{% macro postgres__postcode_of(address) -%}
    substring({{ address }} from ', ([0-9]{4}) [^,]*$')
{%- endmacro %}
