{#
    A surveyed condition on the common scale: 0 without deviation, 3 serious, where the grade stands on its own scale
    between its best and its worst. An unknown scale or grade is no value.

    Scales: TG (NS 3424, TG0 best to TG3), 1-5 and 5-1 (which end is best comes first), A-D, traffic light.
#}
{% macro common_condition_grade(grade, scale) -%}
    {%- set scales = [
        (("tg", "tg0-3", "tg0-tg3", "ns 3424", "ns3424", "0-3"),
            {"tg0": 0, "tg1": 1, "tg2": 2, "tg3": 3, "0": 0, "1": 1, "2": 2, "3": 3}),
        (("1-5",), {"1": 0, "2": 0.75, "3": 1.5, "4": 2.25, "5": 3}),
        (("5-1",), {"5": 0, "4": 0.75, "3": 1.5, "2": 2.25, "1": 3}),
        (("a-d",), {"a": 0, "b": 1, "c": 2, "d": 3}),
        (("traffic light", "trafiklys"),
            {"green": 0, "grøn": 0, "groen": 0, "yellow": 1.5, "gul": 1.5, "red": 3, "rød": 3, "roed": 3}),
    ] -%}
    case
        {%- for names, grades in scales %}
        when lower(trim({{ scale }})) in ('{{ names | join("', '") }}') then
            case replace(lower(trim({{ grade }})), ' ', '')
                {%- for written, common in grades.items() %}
                when '{{ written }}' then {{ common }}
                {%- endfor %}
            end
        {%- endfor %}
    end
{%- endmacro %}
