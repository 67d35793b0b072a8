{#
    Measures summed to a level: municipality, use_category, property or building. Sums only, never means, so that a key
    figure of any level is the ratio of two such sums. known_rows counts the rows that have an amount.
#}
{% macro roll_up(level) -%}
    {%- set units = {
        'municipality': 'municipality_code',
        'use_category': 'use_category',
        'property': 'property_id',
        'building': 'building_id',
    } -%}
    select
        '{{ level }}' as level,
        {{ units[level] }} as unit_id,
        municipality_code,
        year,
        measure_code,
        use_category,
        tenure,
        sum(amount) as amount,
        count(amount) as known_rows
    from {{ ref('int_measures__unioned') }}
    where {{ units[level] }} is not null
    group by {{ (['municipality_code', 'year', 'measure_code', 'use_category', 'tenure', units[level]]) | unique | join(', ') }}
{%- endmacro %}
