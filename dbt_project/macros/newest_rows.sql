{#
    Like `current_rows`, of a stream whose deliveries overlap and where a row that comes again is an update: of the rows
    that `key` names, the one registered last. Which delivery came when decides only between equal registrations, so an
    older extract that lands late never takes the place of a newer one.
#}
{% macro newest_rows(source_name, table, key, registration_date, registration_time) -%}
    select *
    from (
        select
            *,
            row_number() over (
                partition by municipality_code, {{ key | join(', ') }}
                order by
                    coalesce({{ parse_date(registration_date) }}, cast('1900-01-01' as date)) desc,
                    coalesce({{ registration_time }}, '') desc,
                    delivery_id desc,
                    row_no desc
            ) as copy_no
        from {{ source('raw_' ~ source_name, table) }}
        inner join ({{ current_delivery_marks(source_name, table) }}) as deliveries using (delivery_id)
    ) as numbered
    where copy_no = 1
{%- endmacro %}
