{# Day of the week, 1 for Monday, of its Danish or English name or number; a range of days is no value. Never fails. #}
{% macro weekday_number(column) -%}
    {%- set days = [
        ("mandag", "man", "ma", "monday", "mon", "1"), ("tirsdag", "tirs", "tir", "ti", "tuesday", "tue", "2"),
        ("onsdag", "ons", "on", "wednesday", "wed", "3"), ("torsdag", "tors", "tor", "to", "thursday", "thu", "4"),
        ("fredag", "fre", "fr", "friday", "fri", "5"),
        ("lørdag", "loerdag", "lordag", "lør", "lø", "saturday", "sat", "6"),
        ("søndag", "soendag", "sondag", "søn", "sø", "sunday", "sun", "7"),
    ] -%}
    case
        {%- for names in days %}
        when lower(replace(trim({{ column }}), '.', '')) in ('{{ names | join("', '") }}') then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro %}
