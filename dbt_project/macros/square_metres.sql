{# An area in m2 whatever unit its file declares; no unit is m2, a unit that is not known gives no value. 0 is unknown. #}
{% macro square_metres(area, unit) -%}
    nullif({{ parse_amount(area) }}, 0) * case
        when coalesce(trim({{ unit }}), '') = '' then 1.0
        when lower(replace(trim({{ unit }}), ' ', '')) in ('m2', 'm²', 'kvm', 'squaremeters', 'squaremetres', 'sqm') then 1.0
        when lower(replace(trim({{ unit }}), ' ', '')) in ('squarefeet', 'sqft', 'ft2') then 0.09290304
    end
{%- endmacro %}
