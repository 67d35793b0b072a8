{#
    Where the money of a key goes under a row of a rule, as one text that keys which go to the same place share: the rule's
    property, what it splits by, or else the key's own cost unit. It holds municipality and year, so that rows are joined
    by it alone.
#}
{% macro destination_id(rules, keys) -%}
    {%- set unit = [keys ~ '.source'] -%}
    {%- for column in further_dimensions().split(', ') -%} {%- do unit.append(keys ~ '.' ~ column) -%} {%- endfor -%}
    {{ keys }}.municipality_code || ' ' || cast({{ keys }}.fiscal_year as text) || case
        when {{ rules }}.property_no is not null then ' property ' || {{ rules }}.property_no
        when {{ rules }}.split is not null then ' split ' || {{ rules }}.split || ' ' || {{ rules }}.split_uses
        else ' unit ' || {{ joined_text(unit | join(', ')) }}
    end
{%- endmacro %}
