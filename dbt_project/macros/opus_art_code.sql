{#
    Authorised art of an artskonto of KMD Opus: the first two digits of a profit and loss account. Never of a balance
    account: 91407008 is no internal art 91.
#}
{% macro opus_art_code(account) -%}
    case when {{ opus_account_class(account) }} = 'profit_and_loss' then substr({{ account }}, 1, 2) end
{%- endmacro %}
