{#
    One coordinate of a point in WKT, in metres (UTM 32, ETRS89): `POINT (574051.77 6225655.2)`, with or without the
    blank. axis: 1 = easting, 2 = northing. The ways of saying that there is no point, `POINT(0 0)` and
    `GEOMETRYCOLLECTION EMPTY`, and anything else are no value. Never fails.
#}
{% macro point_axis(column, axis) -%}
    {{ return(adapter.dispatch('point_axis', 'ejendomstal')(column, axis)) }}
{%- endmacro %}

{% macro default__point_axis(column, axis) -%}
    nullif(try_cast(regexp_extract({{ column }}, '^POINT ?\\(([0-9.]+) ([0-9.]+)\\)$', {{ axis }}) as decimal(28, 8)), 0)
{%- endmacro %}

{% macro postgres__point_axis(column, axis) -%}
    case
        when {{ column }} ~ '^\s*POINT ?\([0-9]{1,12}([.][0-9]{1,12})? [0-9]{1,12}([.][0-9]{1,12})?\)\s*$'
            then nullif(cast(split_part(translate(substr({{ column }}, strpos({{ column }}, '(') + 1), ')', ''), ' ', {{ axis }}) as numeric), 0)
    end
{%- endmacro %}
