{#
    Whether a text is a PSP element as Opus writes it: X, a letter, one to ten digits, one to five digits, with dashes
    between. A plain number is none, nor is one that ends in a dash. No value where there is no text.
#}
{% macro is_opus_psp(column) -%}
    case
        when {{ column }} is not null then
            {{ column }} like 'X_-%_-_%'
            and {{ column }} not like 'X_-%-%-%'
            and length({{ column }}) between 6 and 19
            and translate(substr({{ column }}, 2, 1), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '') = ''
            and translate(substr({{ column }}, 4), '0123456789-', '') = ''
    end
{%- endmacro %}
