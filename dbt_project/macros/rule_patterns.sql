{# Pattern columns of an account rule -> the column of a posting's key that each looks at. #}
{% macro rule_patterns() -%}
    {{ return({
        'account_pattern': 'account', 'function_pattern': 'function_code', 'dranst_pattern': 'dranst',
        'ownership_pattern': 'ownership_code', 'grouping_pattern': 'grouping_code', 'art_pattern': 'art_code',
        'psp_pattern': 'psp_element', 'cost_centre_pattern': 'cost_centre', 'profit_centre_pattern': 'profit_centre',
        'project_pattern': 'project_no', 'department_pattern': 'department', 'carrier_pattern': 'carrier',
        'purpose_pattern': 'purpose',
    }) }}
{%- endmacro %}
