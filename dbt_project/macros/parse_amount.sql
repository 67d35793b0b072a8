{#
    Numbers as the row's delivery writes them; anything else is no value. Never fails.

    The delivery states its decimal and thousands mark (1.234 is a thousand in one file and one and a bit in another), so
    these macros need the column `number_marks` that `current_rows` adds. A minus may lead or trail; blanks and
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

    Landing has checked that the text is a number so written, so there is no second check: this runs on every posting.
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

{# The first of number_marks becomes the decimal point, the others vanish. #}
{% macro unsigned_number(column) -%}
    translate({{ column }}, number_marks, '.')
{%- endmacro %}
