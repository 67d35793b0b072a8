{#
    The body of a staging model's CTE `source`: the rows of those deliveries of a raw table that count today.

    Beside the raw columns each row has `number_marks`: the decimal mark of its delivery, then every character that
    counts for nothing in a number, for `parse_amount`; and `window_from`, the first day that its delivery covers.

    key: where a snapshot may name the same thing twice, the columns that name it; the row that came first stays. One
    municipality's repeated row must not stop a build, so a key holds by construction.
#}
{% macro current_rows(source_name, table, key=none) -%}
    {%- set raw = source('raw_' ~ source_name, table) -%}
    {%- if key is none %}
    select *
    from {{ raw }}
    inner join ({{ current_delivery_marks(source_name, table) }}) as deliveries using (delivery_id)
    {%- else %}
    select *
    from (
        select
            *,
            row_number() over (partition by municipality_code, {{ key | join(', ') }} order by delivery_id desc, row_no) as copy_no
        from {{ raw }}
        inner join ({{ current_delivery_marks(source_name, table) }}) as deliveries using (delivery_id)
    ) as numbered
    where copy_no = 1
    {%- endif %}
{%- endmacro %}

{% macro current_delivery_marks(source_name, table) -%}
    {%- set blanks = "-+ ''" ~ '\u00a0' -%}
    select
        delivery_id,
        window_from,
        decimal_mark || thousands_mark || '{{ blanks }}' as number_marks
    from {{ source('ops', 'current_deliveries') }}
    where source = '{{ source_name }}' and stream = '{{ table }}'
{%- endmacro %}
