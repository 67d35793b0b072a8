"""Peer groups, benchmarks and positions: the tables that publication fills, and the views on them."""

TABLES = """
create table register.peer_variables (
    method_version integer not null,
    topic text not null,
    variable text not null,
    weight numeric not null,
    is_log boolean not null,
    primary key (method_version, topic, variable)
);
comment on table register.peer_variables is 'One row per version of the method, topic and structural variable that the nearest municipalities are found by.';

create table register.peer_groups (
    group_name text not null,
    municipality_code text not null,
    note text,
    primary key (group_name, municipality_code)
);
comment on table register.peer_groups is 'One row per own list of peers (config/peer_groups.csv) and municipality on it.';

create table published.peer_group_members (
    group_type text not null check (group_type in ('dst', 'nearest')),
    group_code text not null,
    topic text not null,
    year integer not null,
    municipality_code text not null,
    group_name text not null,
    group_version text not null,
    rank_no integer,
    distance double precision,
    frozen_at timestamptz not null default clock_timestamp(),
    primary key (group_type, group_code, topic, year, municipality_code)
);
comment on table published.peer_group_members is 'One row per group, topic (empty: every topic), year and member. Frozen: what was once published for a year does not move. A group of nearest municipalities has the code of the one it is made for, which is member number 0.';

create table published.benchmark_pointers (
    topic text not null,
    year integer not null,
    run_id bigint not null,
    edition_id bigint not null references published.editions,
    lists_sha256 text not null,
    computed_at timestamptz not null,
    primary key (topic, year)
);
comment on table published.benchmark_pointers is 'One row per topic and year: the newest computation of benchmarks.';
create sequence published.benchmark_runs;

create table published.benchmarks (
    run_id bigint not null,
    topic text not null,
    year integer not null,
    key_figure_code text not null,
    version integer not null,
    level text not null,
    use_category text not null,
    group_type text not null,
    group_code text not null,
    group_name text not null,
    group_version text not null,
    n_members integer not null,
    n integer not null,
    n_excluded integer not null,
    n_missing integer not null,
    n_not_possible integer not null,
    n_suppressed integer not null,
    n_imputed integer not null,
    n_differs integer not null,
    n_provisional integer not null,
    n_flagged integer not null,
    n_unreliable integer not null,
    n_outliers integer not null,
    n_estimated integer not null,
    numerator numeric,
    denominator numeric,
    weighted_mean numeric,
    unweighted_mean double precision,
    p10 double precision,
    p25 double precision,
    median double precision,
    p75 double precision,
    p90 double precision,
    growth_pct double precision,
    n_growth integer not null,
    status_code text not null,
    distribution_status_code text not null,
    reason text,
    primary key (topic, year, key_figure_code, level, use_category, group_type, group_code, version, run_id)
);
comment on table published.benchmarks is 'One row per computation, key figure version, year, level, use category and group: how the municipalities of the group lie.';

create table published.positions (
    topic text not null,
    year integer not null,
    key_figure_code text not null,
    version integer not null,
    level text not null,
    use_category text not null,
    group_type text not null,
    group_code text not null,
    municipality_code text not null,
    value numeric not null,
    n integer not null,
    percentile_rank double precision,
    quartile_group smallint,
    excluded_reason text,
    primary key (topic, year, municipality_code, key_figure_code, version, level, use_category, group_type, group_code)
);
comment on table published.positions is 'One row per key figure version, year, level, use category, group and municipality with a value: where it lies in the group. Of the newest computation only.';
create index positions_by_figure on published.positions (key_figure_code, year, level);
"""

VIEWS = {
    "benchmarks": """
        select b.topic, b.year, b.key_figure_code, b.version, b.level, b.use_category, b.group_type, b.group_code,
            b.group_name, b.group_version, k.unit, b.n_members, b.n, b.n_excluded, b.n_missing, b.n_not_possible,
            b.n_suppressed, b.n_imputed, b.n_differs, b.n_provisional, b.n_flagged, b.n_unreliable, b.n_outliers,
            b.n_estimated, b.weighted_mean, b.unweighted_mean, b.p10, b.p25, b.median, b.p75, b.p90, b.growth_pct,
            b.n_growth, b.status_code, b.distribution_status_code, b.reason, p.edition_id, p.computed_at
        from published.benchmarks b
        join published.benchmark_pointers p using (topic, year, run_id)
        join register.key_figures k using (key_figure_code, version)
    """,
    "positions": """
        select p.topic, p.year, p.key_figure_code, p.version, p.level, p.use_category, p.group_type, p.group_code,
            p.municipality_code, p.value, p.n, p.percentile_rank, p.quartile_group, p.excluded_reason
        from published.positions p
    """,
    "group_key_figures": """
        select case b.group_type when 'country' then 'country' else 'peer_group' end as level, b.group_type,
            b.group_code, b.group_name, b.group_version, b.topic, b.year, b.use_category, b.key_figure_code, b.version,
            b.numerator, b.denominator, b.weighted_mean as value, k.unit, b.n as n_municipalities, b.status_code,
            case when b.status_code <> '' then b.reason end as reason, p.edition_id, p.computed_at
        from published.benchmarks b
        join published.benchmark_pointers p using (topic, year, run_id)
        join register.key_figures k using (key_figure_code, version)
    """,
    "peer_groups": """
        select m.group_type, m.group_code, m.group_name, m.group_version, m.topic, m.year, m.municipality_code,
            m.rank_no, m.distance, m.frozen_at
        from published.peer_group_members m
        union all
        select 'own', o.group_name, o.group_name, 'list', '', null, o.municipality_code, null, null, null
        from register.peer_groups o
    """,
}

GRANTS = (
    "grant select, insert, update, delete on register.peer_variables, register.peer_groups to ejd_loader",
    "grant select on register.peer_variables, register.peer_groups to ejd_transformer, ejd_publisher",
    "grant select on register.peer_groups to ejd_analyst",
    "grant select, insert on published.peer_group_members, published.benchmarks, published.benchmark_pointers, "
    "published.positions to ejd_publisher",
    # Positions are those of the newest computation: earlier ones follow from the key figures as they were.
    "grant delete on published.positions to ejd_publisher",
    "grant update on published.benchmark_pointers to ejd_publisher",
    "grant usage on sequence published.benchmark_runs to ejd_publisher",
    "grant select on published.peer_group_members, published.benchmarks, published.benchmark_pointers, "
    "published.positions to ejd_analyst",
)
DROPS = (
    "drop table published.positions, published.benchmarks, published.benchmark_pointers, published.peer_group_members",
    "drop sequence published.benchmark_runs",
    "drop table register.peer_groups, register.peer_variables",
)
