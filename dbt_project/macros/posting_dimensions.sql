{#
    The dimensions of a posting that account rules can look at, as the posting's own line gives them, as a list of columns.
    Together with the source they are its key: postings of one key are mapped alike, so the key stands for all of them.
#}
{% macro posting_dimensions() -%}
    account, function_code, dranst, ownership_code, grouping_code, art_code, psp_element, cost_centre, profit_centre, project_no, department, carrier, purpose
{%- endmacro %}

{# Those of them that can stand for a property: the dimension's name in masters and links, and the column. #}
{% macro unit_dimensions() -%}
    psp psp_element, cost_centre cost_centre, carrier carrier, department department, project project_no, profit_centre profit_centre, purpose purpose
{%- endmacro %}

{# Dimensions of an account itself: few combinations occur. #}
{% macro account_dimensions() -%}
    account, function_code, dranst, ownership_code, grouping_code, art_code
{%- endmacro %}
