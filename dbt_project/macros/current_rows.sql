{#
    The body of a staging model's CTE `source`: the rows of those deliveries of a raw table that count today.

    key: where a snapshot may name the same thing twice, the columns that name it; the row that came first stays. One
    municipality's repeated row must not stop a build, so a key holds by construction.
#}
{% macro current_rows(source_name, table, key=none) -%}
    {%- set raw = source('raw_' ~ source_name, table) -%}
    {%- if key is none %}
    select *
    from {{ raw }}
    where delivery_id in ({{ current_delivery_ids(source_name, table) }})
    {%- else %}
    select *
    from (
        select
            *,
            row_number() over (partition by municipality_code, {{ key | join(', ') }} order by delivery_id desc, row_no) as copy_no
        from {{ raw }}
        where delivery_id in ({{ current_delivery_ids(source_name, table) }})
    ) as numbered
    where copy_no = 1
    {%- endif %}
{%- endmacro %}

{% macro current_delivery_ids(source_name, table) -%}
    select delivery_id from {{ source('ops', 'current_deliveries') }} where source = '{{ source_name }}' and stream = '{{ table }}'
{%- endmacro %}
