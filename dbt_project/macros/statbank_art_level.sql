{# TOT, UE and I of ART are three views of the same money, S0 to S9 sum the two digits below them: filter by one level. #}
{% macro statbank_art_level(column) -%}
    case
        when upper(trim({{ column }})) in ('TOT', 'UE', 'I') then 'total'
        when upper(trim({{ column }})) like 'S_' then 'main_art'
        else 'art'
    end
{%- endmacro %}
