{# Pattern column of an account rule that looks at a dimension: function_code is matched by function_pattern. #}
{% macro rule_pattern(dimension) -%}
    {{ dimension | replace('_code', '') | replace('psp_element', 'psp') | replace('project_no', 'project') }}_pattern
{%- endmacro %}

{# Pattern columns of a list of dimensions. #}
{% macro rule_patterns(dimensions) -%}
    {%- for dimension in dimensions.split(', ') -%}
        {{ rule_pattern(dimension) }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
