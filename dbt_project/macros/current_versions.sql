{#
    The body of a staging model's CTE `source` for a bitemporal register: the version of each object that counts now.

    Totals may hold every version, and deltas add newer states of rows: of each row (datafordelerRowId; in older
    extracts the object with its two times) the highest row version counts, whichever delivery brought it. A version
    is current while neither of its intervals has ended. An object without such a version is no more in the register.
    Two current versions of one object are against the model: the later registered one counts.
#}
{% macro current_versions(source_name, table) -%}
    {%- set raw = source('raw_' ~ source_name, table) -%}
    {%- set object_id = "lower(trim(id_lokalid))" -%}
    {%- set times = "'|' || coalesce(trim(registreringfra), '') || '|' || coalesce(trim(virkningfra), '')" -%}
    select *
    from (
        select
            *,
            row_number() over (
                partition by municipality_code, {{ object_id }}
                order by registreringfra desc, virkningfra desc, delivery_id desc, row_no
            ) as copy_no
        from (
            select
                *,
                row_number() over (
                    partition by
                        municipality_code, coalesce(lower({{ text_or_null('datafordelerrowid') }}), {{ object_id }} || {{ times }})
                    order by
                        coalesce({{ safe_integer('datafordelerrowversion') }}, 0) desc, delivery_id desc, row_no
                ) as state_no
            from {{ raw }}
            inner join ({{ current_delivery_marks(source_name, table) }}) as deliveries using (delivery_id)
        ) as states
        where
            state_no = 1
            and {{ text_or_null('registreringtil') }} is null
            and {{ text_or_null('virkningtil') }} is null
    ) as numbered
    where copy_no = 1
{%- endmacro %}
