{#
    Numbers as municipalities write them, with or without sign.

    The rule, in this order: a text with a comma has a decimal comma, and its dots and blanks are between thousands
    (1.234,50); a text whose dots all stand before groups of three digits has thousands only (23.350 is 23350: Opus
    leaves the decimals out when oere is zero); otherwise a dot is the decimal point (1639.65). A minus may lead or trail.
    A text that is none of these is no value: landing has checked amounts already, and one odd value elsewhere must not
    stop a build.
#}
{% macro parse_amount(column) -%}
    {{ signed_number(column, column ~ " like '%-%'") }}
{%- endmacro %}

{#
    The same with a debit/credit column: credit is negative where the amount is written without sign. An amount that has
    a sign keeps it (posting files write credit lines negative).
#}
{% macro parse_posting_amount(column, debit_credit) -%}
    {{ signed_number(column, column ~ " like '%-%' or lower(left(" ~ debit_credit ~ ", 1)) in ('k', 'c', 'h')") }}
{%- endmacro %}

{% macro signed_number(column, is_negative) -%}
    cast(
        nullif(case when {{ is_negative }} then '-' else '' end || coalesce({{ unsigned_number(column) }}, ''), '-') as numeric
    )
{%- endmacro %}
