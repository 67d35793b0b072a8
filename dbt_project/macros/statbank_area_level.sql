{#
    What a StatBank area code is. All levels stand in one column: filter by one, never sum over them. Christiansø (411) is
    listed among the municipalities and is none.
#}
{% macro statbank_area_level(column) -%}
    case
        when trim({{ column }}) = '000' then 'country'
        when trim({{ column }}) in ('910', '920', '930', '940', '960') then 'peer_group'
        when trim({{ column }}) in ('081', '082', '083', '084', '085', '81', '82', '83', '84', '85') then 'region'
        when trim({{ column }}) = '411' then 'other'
        when length(trim({{ column }})) = 3 then 'municipality'
        when length(trim({{ column }})) <= 2 then 'province'
        else 'other'
    end
{%- endmacro %}
