{#
    What an interval adds to those before it in the order of their starts: summed over a group it is the length of their
    union, so that what overlaps counts once. Starts are 0 or more.
#}
{% macro new_length(starts, ends, partition) -%}
    greatest({{ ends }} - greatest({{ starts }}, coalesce(
        max({{ ends }}) over (
            partition by {{ partition }} order by {{ starts }}, {{ ends }}
            rows between unbounded preceding and 1 preceding
        ), 0
    )), 0)
{%- endmacro %}
