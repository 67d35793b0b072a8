{#
    Whether an incremental model is made anew. Takes the place of dbt's own: besides --full-refresh, a model is made anew
    when the project is not the one that its rows were made by. Rows of two definitions would never stand side by side.
#}
{% macro should_full_refresh() -%}
    {%- set wanted = config.get('full_refresh') -%}
    {%- if wanted is none -%} {%- set wanted = flags.FULL_REFRESH -%} {%- endif -%}
    {%- if not wanted and execute and model.config.materialized == 'incremental' -%}
        {%- set made_by = run_query(
            "select project_sha256 from " ~ source('ops', 'incremental_models') ~ " where model_name = '" ~ model.name ~ "'"
        ) -%}
        {%- set wanted = made_by.rows | length == 0 or made_by.rows[0][0] != project_sha256() -%}
    {%- endif -%}
    {% do return(wanted) %}
{%- endmacro %}

{# Hash of the project's files, from whoever starts dbt; the same text every time where nobody says. #}
{% macro project_sha256() -%}
    {% do return(env_var('EJENDOMSTAL_DBT_PROJECT_SHA256', 'unknown')) %}
{%- endmacro %}

{# Note by which project an incremental model was made; in the transaction that makes it. #}
{% macro remember_project() -%}
    {%- if model.config.materialized == 'incremental' and execute and should_full_refresh() -%}
        delete from {{ source('ops', 'incremental_models') }} where model_name = '{{ model.name }}';
        insert into {{ source('ops', 'incremental_models') }} (model_name, project_sha256)
        values ('{{ model.name }}', '{{ project_sha256() }}')
    {%- endif -%}
{%- endmacro %}
