{#
    Class of an artskonto of KMD Opus. An account of eight digits that starts with 9 is a balance account (9, the last two
    digits of the balance function, five of its own); the others are profit and loss. Another shape has no class.
#}
{% macro opus_account_class(account) -%}
    case
        when length({{ account }}) = 8 and translate({{ account }}, '0123456789', '') = ''
            then case when substr({{ account }}, 1, 1) = '9' then 'balance' else 'profit_and_loss' end
    end
{%- endmacro %}
