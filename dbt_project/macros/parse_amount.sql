{#
    Numbers as municipalities write them; anything else is no value. Never fails.

    The rule, in this order. Where a comma stands before a dot or another comma, commas are between thousands
    (1,234.50). Where there is a comma otherwise, it is the decimal comma and dots are between thousands (1.234,50).
    Dots that all stand before groups of three digits are between thousands (23.350 is 23350: Opus leaves the decimals
    out when oere is zero). Otherwise a dot is the decimal point (1639.65). A minus may lead or trail; blanks and
    apostrophes count for nothing.
#}
{% macro parse_amount(column) -%}
    {{ return(adapter.dispatch('parse_amount', 'ejendomstal')(column)) }}
{%- endmacro %}

{% macro default__parse_amount(column) -%}
    try_cast(case when {{ column }} like '%-%' then '-' else '' end || {{ unsigned_number(column) }} as decimal(28, 8))
{%- endmacro %}

{% macro postgres__parse_amount(column) -%}
    case
        when {{ unsigned_number(column) }} ~ '^[0-9]+(\.[0-9]*)?$'
            then cast(case when {{ column }} like '%-%' then '-' else '' end || {{ unsigned_number(column) }} as numeric)
    end
{%- endmacro %}

{#
    An amount of a ledger in Danish kroner, written as in parse_amount. Credit is negative where the amount has no sign;
    an amount with a sign keeps it (posting files write credit lines negative, reports write minus at the end).

    Landing has checked that the text is a number, so there is no second check: this runs on every posting.
#}
{% macro parse_posting_amount(amount, debit_credit=none) -%}
    cast(
        case
            when {{ amount }} like '%-%' {% if debit_credit -%}
                or {{ debit_credit }} in ('K', 'k', 'Kredit', 'kredit', 'KREDIT', 'C', 'Credit', 'H')
            {%- endif %} then '-'
            else ''
        end || {{ unsigned_number(amount) }} as numeric
    )
{%- endmacro %}

{% macro unsigned_number(column) -%}
    {%- set blanks = "-+ ''" ~ '\u00a0' -%}
    case
        -- nearly all amounts: two decimals after a comma
        when {{ column }} like '%,__' then translate({{ column }}, ',.{{ blanks }}', '.')
        when {{ column }} like '%,%.%' or {{ column }} like '%,%,%' then translate({{ column }}, '.,{{ blanks }}', '.')
        when {{ column }} like '%,%' then translate({{ column }}, ',.{{ blanks }}', '.')
        when {{ column }} like '%.%' and {{ has_only_thousands(column) }} then translate({{ column }}, '0.{{ blanks }}', '0')
        else translate({{ column }}, '.{{ blanks }}', '.')
    end
{%- endmacro %}
