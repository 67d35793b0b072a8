{# EK109's code lists, as words. One file: they are one specification, and only staging of ek109 reads them. #}
{% macro ek109_energy(column) -%}
    case trim({{ column }})
        when '1' then 'electricity'
        when '2' then 'water'
        when '3' then 'central_heating'
        when '4' then 'district_heating'
        when '5' then 'oil'
        when '6' then 'gas'
        when '7' then 'cooling'
        when '8' then 'compressed_air'
    end
{%- endmacro %}

{% macro ek109_kind(column) -%}
    case trim({{ column }})
        when '1' then 'counter'
        when '2' then 'consumption'
        when '3' then 'momentary'
        when '4' then 'other'
        when '5' then 'tank_level'
        when '6' then 'tank_filling'
        when '10' then 'factor'
    end
{%- endmacro %}

{# Case tells an hour (t) from a tonne (T); everywhere else it says nothing. #}
{% macro ek109_unit(column) -%}
    case
        when trim({{ column }}) in ('T', 'ton') then 'tonne'
        when trim({{ column }}) in ('t', 'h') then 'hour'
        else lower({{ text_or_null(column) }})
    end
{%- endmacro %}
