{# Pattern column of an account rule that looks at a dimension: function_code is matched by function_pattern. #}
{% macro rule_pattern(dimension) -%}
    {{ dimension | replace('_code', '') | replace('psp_element', 'psp') | replace('project_no', 'project') }}_pattern
{%- endmacro %}
