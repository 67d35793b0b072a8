{#
    One digit of a code of programmed cleaning: 512 is cleaned 5 days a week, once thoroughly on floors, twice thoroughly
    on furniture. A text of another form is no value. Never fails.
#}
{% macro programmed_cleaning(column, digit) -%}
    case
        when length(trim({{ column }})) = 3 and {{ safe_integer(column) }} between 0 and 999
            then {{ safe_integer('substr(trim(' ~ column ~ '), ' ~ digit ~ ', 1)') }}
    end
{%- endmacro %}
