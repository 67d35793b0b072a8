{# Year of a text that landing has checked as one; another text is no value. Cheap, for it runs on every posting. #}
{% macro parse_year(column) -%}
    case when length({{ column }}) = 4 and {{ column }} between '1900' and '2099' then cast({{ column }} as integer) end
{%- endmacro %}
