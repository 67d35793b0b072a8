{# An amount in Danish kroner, from the unit that the profile of its file declares. #}
{% macro in_kroner(amount, unit) -%}
    case {{ unit }}
        when 'oere' then {{ amount }} / 100
        when 'thousands' then {{ amount }} * 1000
        else {{ amount }}
    end
{%- endmacro %}
