{#
    Incremental by delivery: which postings come in and which go out of a model whose rows carry delivery_id and batch.

    The model's own rows are compared with the deliveries that are current, never with a time or a note of what was done
    last: whatever happened before (deliveries in any order, corrections of old years, a killed build), the next build
    ends with exactly the current ones.

    Most deliveries stand for themselves. Of a stream whose rows are updates (`newest_rows`) a delivery changes which rows
    of the others count, so all current deliveries of a municipality are one batch, and come and go together.
#}
{% macro update_streams() -%}
    project_lines, registered_postings
{%- endmacro %}

{% macro current_ledger_deliveries(with_rows=false) -%}
    select
        deliveries.source, deliveries.stream, deliveries.municipality_code, deliveries.delivery_id, batches.batch
        {%- if with_rows %}, deliveries.row_count{% endif %}
    from {{ source('ops', 'current_deliveries') }} as deliveries
    left join ({{ current_ledger_batches() }}) as batches
        on
            deliveries.source = batches.source
            and deliveries.stream = batches.stream
            and deliveries.municipality_code = batches.municipality_code
    where
        deliveries.source in ('ledger_opus', 'ledger_prisme', 'ledger_files')
        and deliveries.stream in ('postings', 'vouchers', 'posting_files', 'g69_postings', 'project_lines', 'registered_postings')
{%- endmacro %}

{% macro current_ledger_batches() -%}
    select source, stream, municipality_code, md5({{ list_of('cast(delivery_id as text)', 'delivery_id') }}) as batch
    from {{ source('ops', 'current_deliveries') }}
    where stream in ('{{ update_streams().split(', ') | join("', '") }}')
    group by source, stream, municipality_code
{%- endmacro %}

{# Join of the postings of a stream of updates with the batch they belong to; nothing for other streams. #}
{% macro join_ledger_batches(source_name, stream) -%}
    {%- if stream in update_streams().split(', ') -%}
    inner join ({{ current_ledger_batches() }}) as batches
        on
            postings.municipality_code = batches.municipality_code
            and batches.source = '{{ source_name }}'
            and batches.stream = '{{ stream }}'
    {%- endif -%}
{%- endmacro %}

{# Each delivery that has rows in the relation, with their batch. #}
{% macro present_ledger_deliveries(relation) -%}
    select
        present_value as delivery_id,
        (select batch from {{ relation }} as rows_of where rows_of.delivery_id = present_value limit 1) as batch
    from ({{ present_values(relation, 'delivery_id') }}) as present
{%- endmacro %}

{#
    Pre-hook: let go what no current delivery, or another batch of them, stands for. Ids are looked up first: with them
    written out, the few rows are found by the index.
#}
{% macro forget_ledger_deliveries() -%}
    {%- if execute and is_incremental() -%}
        {%- set query -%}
            select present.delivery_id
            from ({{ present_ledger_deliveries(this) }}) as present
            left join ({{ current_ledger_deliveries() }}) as wanted
                on present.delivery_id = wanted.delivery_id and coalesce(present.batch, '') = coalesce(wanted.batch, '')
            where wanted.delivery_id is null
        {%- endset -%}
        {%- set gone = run_query(query).rows | map(attribute='delivery_id') | join(', ') -%}
        {%- if gone %} delete from {{ this }} where delivery_id in ({{ gone }}) {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# Rows of a query: source, stream, municipality_code and delivery_id of what the model does not have yet; else none. #}
{% macro new_ledger_deliveries() -%}
    {%- if not execute or not is_incremental() -%} {% do return(none) %} {%- endif -%}
    {%- set query -%}
        with present as ({{ present_ledger_deliveries(this) }})
        select wanted.source, wanted.stream, wanted.municipality_code, wanted.delivery_id
        from ({{ current_ledger_deliveries() }}) as wanted
        where
            not exists (select 1 from present where wanted.batch is null and wanted.delivery_id = present.delivery_id)
            and not exists (select 1 from present where wanted.batch = present.batch)
    {%- endset -%}
    {% do return(run_query(query).rows) %}
{%- endmacro %}

{# Condition on the rows of one stream: all in a full build, those that are new in another. #}
{% macro of_new_deliveries(new, source_name, stream) -%}
    {%- if new is none -%}
        1 = 1
    {%- else -%}
        {%- set ids = [] -%} {%- set codes = [] -%}
        {%- for row in new if row['source'] == source_name and row['stream'] == stream -%}
            {%- do ids.append(row['delivery_id'] | string) -%}
            {%- do codes.append("'" ~ row['municipality_code'] ~ "'") -%}
        {%- endfor -%}
        {%- if not ids -%}
            1 = 0
        {%- elif stream in update_streams().split(', ') -%}
            postings.municipality_code in ({{ codes | unique | join(', ') }})
        {%- else -%}
            postings.municipality_code in ({{ codes | unique | join(', ') }}) and delivery_id in ({{ ids | join(', ') }})
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# The same of a model whose rows carry the deliveries' ids. #}
{% macro of_new_delivery_ids() -%}
    {%- set new = new_ledger_deliveries() -%}
    {%- if new is none -%}
        1 = 1
    {%- elif not new -%}
        1 = 0
    {%- else -%}
        delivery_id in ({{ new | map(attribute='delivery_id') | join(', ') }})
    {%- endif -%}
{%- endmacro %}
