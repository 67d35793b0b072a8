{#
    Part of an authorised account of sixteen digits: main account, main function and function (5), dranst (1), ownership
    (1), cost centre (4), grouping (3), art (2). Blanks and points between the parts count for nothing.
#}
{% macro account_part(column, part) -%}
    {%- set places = {
        'function': (1, 5), 'dranst': (6, 1), 'ownership': (7, 1), 'cost_centre': (8, 4), 'grouping': (12, 3), 'art': (15, 2),
    } -%}
    {%- set bare = "translate(" ~ column ~ ", ' .-', '')" -%}
    case
        when length({{ bare }}) = 16 and translate({{ bare }}, '0123456789', '') = ''
            then substr({{ bare }}, {{ places[part][0] }}, {{ places[part][1] }})
    end
{%- endmacro %}
