{# A volume in cubic metres; another unit is no value. #}
{% macro volume_in_m3(amount, unit) -%}
    case lower(trim({{ unit }}))
        when 'm3' then {{ amount }}
        when 'l' then {{ amount }} / 1000
    end
{%- endmacro %}
