{# eloverblik's quality of a reading, from its code or from the word that the portal's export has for it. #}
{% macro quality_code(column) -%}
    case
        when upper(trim({{ column }})) in ('A01', 'A02', 'A03', 'A04', 'A05') then upper(trim({{ column }}))
        when lower(trim({{ column }})) = 'målt' then 'A04'
        when lower(trim({{ column }})) like 'estimer%' then 'A03'
        when lower(trim({{ column }})) like 'mangle%' then 'A02'
    end
{%- endmacro %}
