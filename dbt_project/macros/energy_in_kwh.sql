{# An energy in kWh; another unit is no value. Energy units differ by their letters alone: mWh is a megawatt hour. #}
{% macro energy_in_kwh(amount, unit) -%}
    case lower(trim({{ unit }}))
        when 'kwh' then {{ amount }}
        when 'wh' then {{ amount }} / 1000
        when 'mwh' then {{ amount }} * 1000
        when 'gwh' then {{ amount }} * 1000000
        when 'j' then {{ amount }} / 3600000
        when 'kj' then {{ amount }} / 3600
        when 'mj' then {{ amount }} / 3.6
        when 'gj' then {{ amount }} * 1000 / 3.6
    end
{%- endmacro %}
