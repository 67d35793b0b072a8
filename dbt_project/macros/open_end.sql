{# Last day of something that may have none: a day of the year 9999 is how systems write that it has not ended. #}
{% macro open_end(date) -%}
    case when {{ year_of(date) }} < 9999 then {{ date }} end
{%- endmacro %}
