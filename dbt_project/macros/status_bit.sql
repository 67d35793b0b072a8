{#
    A status as one bit, so that bit_or over rows keeps every status that was among them: provisional 1, estimated 2,
    low reliability 4, another definition 8, imputed 16.
#}
{% macro status_bit(column) -%}
    case {{ column }} when '' then 0 when 'e' then 2 when 'i' then 16 when 'p' then 1 when 'u' then 4 when 'd' then 8 else 0 end
{%- endmacro %}
