{# Whether a day lies in a validity: from its first day to before its last; an end that is null is open. #}
{% macro is_within(day, valid_from, valid_to) -%}
    (({{ valid_from }} is null or {{ day }} >= {{ valid_from }}) and ({{ valid_to }} is null or {{ day }} < {{ valid_to }}))
{%- endmacro %}
