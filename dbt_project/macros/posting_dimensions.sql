{#
    The dimensions of a posting that account rules can look at, as the posting's own line gives them, as a list of columns.
    Together with the source they are its key: postings of one key are mapped alike, so the key stands for all of them.
#}
{% macro posting_dimensions() -%}
    {{ account_dimensions() }}, {{ further_dimensions() }}
{%- endmacro %}

{# Dimensions of an account itself: few combinations occur. #}
{% macro account_dimensions() -%}
    account, function_code, dranst, ownership_code, grouping_code, art_code
{%- endmacro %}

{# The other dimensions: those that can stand for a property. #}
{% macro further_dimensions() -%}
    psp_element, cost_centre, profit_centre, project_no, department, carrier, purpose
{%- endmacro %}

{# The same as the name of the dimension in masters and links, and the column; the first comes first. #}
{% macro unit_dimensions() -%}
    psp psp_element, cost_centre cost_centre, carrier carrier, department department, project project_no, profit_centre profit_centre, purpose purpose
{%- endmacro %}
