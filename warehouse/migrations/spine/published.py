"""Schema published: editions, their rows and the pointers to what is shown."""

# The audit models carry the same columns in the same order, without edition_id: publication is one INSERT ... SELECT.
PUBLISHED = """
create table published.editions (
    edition_id bigint generated always as identity primary key,
    kind text not null check (kind in ('provisional', 'final', 'correction')),
    candidate_id bigint not null,
    published_at timestamptz not null,
    register_sha256 text not null,
    note text
);
comment on table published.editions is 'One row per publication that changed something.';

create table published.scope_editions (
    edition_id bigint not null references published.editions,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    content_sha256 text not null,
    published_at timestamptz not null,
    primary key (municipality_code, topic, year, edition_id)
);
comment on table published.scope_editions is 'One row per scope written by an edition; append-only history behind the pointers. Topic property_model with year 0 holds the dimensions.';

create table published.pointers (
    municipality_code text not null,
    topic text not null,
    year integer not null,
    edition_id bigint not null references published.editions,
    content_sha256 text not null,
    published_at timestamptz not null,
    primary key (municipality_code, topic, year)
);
comment on table published.pointers is 'One row per scope: the edition readers see.';

create table published.key_figures (
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    level text not null,
    key_figure_code text not null,
    version integer not null,
    numerator numeric,
    denominator numeric,
    value numeric,
    unit text not null,
    status_code text not null,
    flags text not null,
    coverage_pct numeric,
    n_units integer not null,
    reason text,
    primary key (municipality_code, topic, year, edition_id, level, key_figure_code, version)
);
comment on table published.key_figures is 'One row per edition, municipality, year, level and key figure version. value = scale * numerator / denominator.';

create table published.measures (
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    property_id text,
    building_id text,
    use_category text not null,
    tenure text not null,
    measure_code text not null,
    amount numeric,
    unit text not null,
    status_code text not null
);
comment on table published.measures is 'One row per edition, municipality, property, building, use category, tenure, year and measure. Additive; amount is null where status_code is x (missing, expected).';
create index on published.measures (municipality_code, topic, year, edition_id);

create table published.coverage (
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    key_figure_code text not null,
    version integer not null,
    units_in_scope integer not null,
    units_with_input integer not null,
    area_in_scope_m2 numeric not null,
    area_with_input_m2 numeric not null,
    coverage_pct numeric,
    missing_measures text not null
);
comment on table published.coverage is 'One row per edition, municipality, year and key figure version: how much of the area in scope has every input.';
create index on published.coverage (municipality_code, topic, year, edition_id);

create table published.measure_deliveries (
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    measure_code text not null,
    delivery_id bigint not null,
    source_rows bigint not null
);
comment on table published.measure_deliveries is 'One row per edition, municipality, topic, year, measure and delivery its rows came from.';
create index on published.measure_deliveries (municipality_code, topic, year, edition_id);

create table published.municipalities (
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    name text not null,
    inhabitants integer,
    properties integer not null,
    buildings integer not null,
    primary key (municipality_code, edition_id)
);
comment on table published.municipalities is 'One row per edition and municipality.';

create table published.properties (
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    property_id text not null,
    property_no text not null,
    bfe_number text,
    name text,
    use_category text not null,
    tenure text not null,
    primary key (municipality_code, edition_id, property_id)
);
comment on table published.properties is 'One row per edition and property.';

create table published.buildings (
    edition_id bigint not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    building_id text not null,
    property_id text not null,
    bbr_id text,
    building_no text,
    name text,
    bbr_use_code text,
    use_category text not null,
    tenure text not null,
    built_year integer,
    bda_m2 numeric,
    area_source text not null,
    heated_m2 numeric,
    cleaned_m2 numeric,
    link_method text not null,
    link_confidence numeric not null,
    primary key (municipality_code, edition_id, building_id)
);
comment on table published.buildings is 'One row per edition and building.';

create table published.revisions (
    edition_id bigint not null references published.editions,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    level text not null,
    key_figure_code text not null,
    version integer not null,
    old_edition_id bigint not null,
    old_value numeric,
    new_value numeric,
    old_status_code text not null,
    new_status_code text not null,
    published_at timestamptz not null,
    primary key (edition_id, municipality_code, year, level, key_figure_code, version)
);
comment on table published.revisions is 'One row per published value that an edition changed.';
"""
