"""Schema ops: runs, deliveries, candidates and what the gate found. Grain is said in a comment on each table."""

from alembic import op

OPS = """
create table ops.runs (
    run_id bigint generated always as identity primary key,
    command text not null,
    state text not null default 'running' check (state in ('running', 'succeeded', 'failed')),
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    message text
);
comment on table ops.runs is 'One row per started command (pull, build, gate, publish, run).';

create table ops.deliveries (
    delivery_id bigint generated always as identity primary key,
    source text not null,
    stream text not null,
    municipality_code text not null,
    load_kind text not null check (load_kind in ('snapshot', 'window', 'delta')),
    window_from date,
    window_to date,
    state text not null check (state in ('landed', 'rejected', 'superseded')),
    file_name text not null,
    content_sha256 text not null,
    source_version text,
    profile_sha256 text not null,
    byte_size bigint not null,
    stored_path text not null,
    is_quarantined boolean not null default false,
    decimal_mark text not null default '.',
    thousands_mark text not null default '',
    row_count bigint,
    rejected_row_count bigint,
    declared_row_count bigint,
    control_totals jsonb not null default '{}',
    warnings jsonb not null default '[]',
    error_class text,
    reason text,
    received_at timestamptz not null default clock_timestamp(),
    landed_at timestamptz,
    superseded_by bigint references ops.deliveries
);
comment on table ops.deliveries is 'One row per delivery: one file, or one complete pull of one stream for one municipality and window. window_to is exclusive. source_version is what the source calls this version of its content (a file generation, a table''s updated time), used to skip a download. decimal_mark and thousands_mark are how the rows write numbers.';
create index on ops.deliveries (source, stream, municipality_code, content_sha256);

create view ops.current_deliveries as
select delivery_id, source, stream, municipality_code, load_kind, window_from, window_to, decimal_mark, thousands_mark,
    row_count, landed_at
from ops.deliveries where state = 'landed';
comment on view ops.current_deliveries is 'One row per delivery whose rows count today.';

create table ops.candidates (
    candidate_id bigint generated always as identity primary key,
    fingerprint text not null,
    state text not null check (state in ('building', 'built', 'gated', 'published', 'abandoned')),
    started_at timestamptz not null default clock_timestamp(),
    built_at timestamptz,
    gated_at timestamptz,
    published_at timestamptz,
    edition_id bigint
);
comment on table ops.candidates is 'One row per build of the audit schema. The fingerprint covers current deliveries, register, configuration and dbt project: an equal one means nothing new.';

create table ops.gate_failures (
    candidate_id bigint not null references ops.candidates on delete cascade,
    rule text not null,
    severity text not null check (severity in ('info', 'warning', 'hold', 'stop')),
    municipality_code text not null,
    topic text not null,
    year integer not null,
    key text not null,
    observed text,
    expected text,
    advice text not null
);
comment on table ops.gate_failures is 'One row per failing row of a rule: what was seen, what was expected, what to do.';

create table ops.gate_checks (
    candidate_id bigint not null references ops.candidates on delete cascade,
    rule text not null,
    severity text not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    rows_checked bigint not null,
    rows_failed bigint not null,
    primary key (candidate_id, rule, municipality_code, topic, year)
);
comment on table ops.gate_checks is 'One row per rule and scope: how many rows the rule looked at and how many failed. The expectations judge this table.';

create table ops.gate_results (
    candidate_id bigint not null references ops.candidates on delete cascade,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    verdict text not null check (verdict in ('publish', 'publish with warnings', 'hold')),
    reason text,
    rules_failed text[] not null default '{}',
    decided_at timestamptz not null default clock_timestamp(),
    primary key (candidate_id, municipality_code, topic, year)
);
comment on table ops.gate_results is 'One row per candidate, municipality, topic and year: the verdict and why.';

create table ops.withheld_inputs (
    candidate_id bigint not null references ops.candidates on delete cascade,
    municipality_code text not null,
    topic text not null,
    use_category text not null,
    measure_code text not null,
    year integer not null,
    rule text not null,
    primary key (candidate_id, municipality_code, use_category, measure_code, year, rule)
);
comment on table ops.withheld_inputs is 'One row per measure that a rule on inputs found unusable. A key figure of another topic that sums it is published without a value.';
"""


def create_lineage_functions() -> None:
    """Create what the defaults of the lineage columns call."""
    # Marked immutable so that COPY reads the setting once per statement, not once per row (a third of the cost of
    # landing). Safe because raw rows come by COPY only: a prepared INSERT would freeze the value it saw first.
    op.execute(
        "create function ops.landing_delivery_id() returns bigint language sql immutable "
        "as $$ select current_setting('ejendomstal.delivery_id')::bigint $$"
    )
    op.execute(
        "create function ops.landing_municipality_code() returns text language sql immutable "
        "as $$ select current_setting('ejendomstal.municipality_code') $$"
    )


def create_partition_function() -> None:
    """Create what gives a municipality its partition of a raw table."""
    # The loader may add a partition for a municipality, and nothing else that needs the owner's rights.
    op.execute(
        """
        create function ops.ensure_partition(parent regclass, municipality_code text) returns regclass
        language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
        declare
            parent_name text;
            parent_schema text;
            child text;
        begin
            select c.relname, n.nspname into parent_name, parent_schema
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.oid = parent and c.relkind = 'p' and n.nspname like 'raw\\_%';
            if parent_name is null then
                raise exception '% is not a partitioned raw table', parent;
            end if;
            if municipality_code !~ '^[0-9]{4}$' then
                raise exception 'a municipality code has four digits';
            end if;
            child := parent_name || '_' || municipality_code;
            if to_regclass(format('%I.%I', parent_schema, child)) is null then
                perform pg_advisory_xact_lock(hashtextextended(parent_schema || '.' || child, 0));
                if to_regclass(format('%I.%I', parent_schema, child)) is null then
                    execute format('create sequence %I.%I cache 1000', parent_schema, child || '_row_no');
                    execute format('create table %I.%I partition of %s for values in (%L)',
                                   parent_schema, child, parent, municipality_code);
                    execute format('alter table %I.%I alter column row_no set default nextval(%L)',
                                   parent_schema, child, format('%I.%I', parent_schema, child || '_row_no'));
                    execute format('create index on %I.%I using brin (delivery_id)', parent_schema, child);
                    execute format('grant select, insert, delete on %I.%I to ejd_loader', parent_schema, child);
                    execute format('grant usage, update on sequence %I.%I to ejd_loader', parent_schema,
                                   child || '_row_no');
                end if;
            end if;
            return to_regclass(format('%I.%I', parent_schema, child));
        end $$
        """
    )
    op.execute("revoke all on function ops.ensure_partition(regclass, text) from public")
    op.execute("grant execute on function ops.ensure_partition(regclass, text) to ejd_loader")
