{# Last two digits of the function behind a balance account of KMD Opus: 90540000 is 9.xx.05, bank 9.22.05. #}
{% macro opus_balance_function(account) -%}
    case when {{ opus_account_class(account) }} = 'balance' then substr({{ account }}, 2, 2) end
{%- endmacro %}
