"""Schemas, roles, raw tables, operations, register, published tables and marts.

Revision ID: 0001
Revises: none

Grain is said in a comment on each table. Raw columns are text, as delivered; the lineage columns get their values
from column defaults that read session settings, so a COPY needs to send the declared columns only.
"""

from alembic import op
from sqlalchemy import text

from warehouse.migrations.raw_tables import create_raw_schema

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLES = ("ejd_loader", "ejd_transformer", "ejd_publisher", "ejd_analyst")

RAW_TABLES = {
    "raw_bbr": {
        "bygning": "id_lokalid kommunekode status byg007bygningsnummer byg021bygningensanvendelse "
        "byg026opfoerelsesaar byg038samletbygningsareal byg039bygningenssamledeboligareal "
        "byg040bygningenssamledeerhvervsareal byg041bebyggetareal byg054antaletager byg056varmeinstallation "
        "byg404koordinat grund husnummer jordstykke ejerlejlighed registreringfra registreringtil "
        "virkningfra virkningtil",
        "etage": "id_lokalid kommunekode status bygning eta006bygningensetagebetegnelse eta020samletarealafetage "
        "eta021arealafudnyttetdelaftagetage eta022kaelderareal eta025etagetype",
        "grund": "id_lokalid kommunekode status bestemtfastejendom",
        "ejendomsrelation": "id_lokalid kommunekode status bfenummer ejendommensejerforholdskode ejendomsnummer "
        "ejendomstype",
        "bygningejendomsrelation": "id_lokalid kommunekode status bygning bygningpaafremmedgrund",
    },
    "raw_fm_dalux": {
        "estates": "estate_id name property_no bfe_no use tenure last_change_date",
        "buildings": "building_id estate_id name alternative_name road number zip_code city owned gross_area "
        "net_area bda_area heated_area cleaning_area use tenure bbr_id last_change_date",
    },
    "raw_fm_files": {
        "properties": "municipality_no property_no bfe_no name use tenure address",
        "buildings": "municipality_no property_no building_no bbr_id name use tenure gross_area heated_area cleaning_area "
        "built_year",
    },
    "raw_ledger_opus": {
        "postings": "document_no line_no account cost_centre psp_element profit_centre order_no debit_credit amount "
        "posting_date document_date registration_date fiscal_year period document_type",
        "psp_elements": "psp_element name function dranst ownership grouping property_no",
        "vouchers": "account cost_centre psp_element profit_centre order_no debit_credit amount",
        "posting_files": "document_no line_no account cost_centre psp_element debit_credit amount value_date "
        "posting_date document_date",
    },
    "raw_ledger_prisme": {
        "postings": "fiscal_year period voucher line_no posting_date account function dranst ownership grouping art "
        "department carrier purpose amount posting_type",
        "cost_centres": "carrier name property_no",
    },
    "raw_statbank": {"folk1a": "omraade koen alder civilstand tid indhold"},
    "raw_enrolment": {
        "pupils": "institution_no institution_name count_date pupils",
        "children": "institution_no institution_name count_date children",
    },
    "raw_energy": {
        "meters": "meter_no carrier unit property_no building_no",
        "readings": "meter_no period quantity unit",
    },
}
# Large tables are partitioned by municipality; a partition is made when a municipality first delivers.
PARTITIONED = {
    "raw_ledger_opus": {"postings"},
    "raw_ledger_prisme": {"postings"},
    "raw_energy": {"readings"},
}

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

REGISTER = """
create table register.municipalities (
    municipality_code text primary key,
    name text not null
);
comment on table register.municipalities is 'One row per configured municipality.';

create table register.use_categories (
    use_category text primary key,
    topic text not null,
    name_da text not null,
    name_en text not null
);
comment on table register.use_categories is 'One row per use category of a building or property; none = not tied to one.';

create table register.fm_uses (
    fm_use text primary key,
    use_category text not null references register.use_categories
);
comment on table register.fm_uses is 'One row per folded FM spelling of a use; folded = lower case, ASCII, single blanks.';

create table register.measures (
    measure_code text primary key,
    name_da text not null,
    name_en text not null,
    unit text not null,
    kind text not null check (kind in ('area', 'cost', 'quantity', 'users')),
    grain text not null check (grain in ('building', 'property', 'municipality')),
    definition text not null
);
comment on table register.measures is 'One row per measure, base or composite.';

create table register.measure_components (
    measure_code text not null references register.measures,
    component_code text not null references register.measures,
    primary key (measure_code, component_code)
);
comment on table register.measure_components is 'One row per measure and base measure it sums; a base measure has itself.';

create table register.key_figures (
    key_figure_code text not null,
    version integer not null,
    topic text not null,
    name_da text not null,
    name_en text not null,
    unit text not null,
    scale numeric not null,
    denominator_constant numeric,
    direction text not null check (direction in ('lower_better', 'higher_better', 'neutral')),
    levels text not null,
    bound_low numeric,
    bound_high numeric,
    bounds_severity text not null,
    largest_change_pct numeric,
    largest_change_severity text not null,
    coverage_needed_pct numeric not null,
    adoption_state text not null check (adoption_state in ('draft', 'proposed', 'adopted', 'superseded')),
    adopted_on date,
    valid_from integer not null,
    valid_to integer,
    is_break boolean not null,
    formula text not null,
    definition_source text not null,
    definition_sha256 text not null,
    primary key (key_figure_code, version)
);
comment on table register.key_figures is 'One row per key figure and version. valid_from and valid_to are years, both included.';

create table register.key_figure_terms (
    key_figure_code text not null,
    version integer not null,
    part text not null check (part in ('numerator', 'denominator', 'fallback_denominator')),
    term_no integer not null,
    measure_code text not null references register.measures,
    weight numeric not null,
    is_required boolean not null,
    primary key (key_figure_code, version, part, term_no),
    foreign key (key_figure_code, version) references register.key_figures on delete cascade
);
comment on table register.key_figure_terms is 'One row per term of a sum: weight times measure.';

create table register.key_figure_term_scopes (
    key_figure_code text not null,
    version integer not null,
    part text not null,
    term_no integer not null,
    component_code text not null,
    use_category text not null,
    tenure text not null,
    primary key (key_figure_code, version, part, term_no, component_code, use_category, tenure),
    foreign key (key_figure_code, version, part, term_no) references register.key_figure_terms on delete cascade
);
comment on table register.key_figure_term_scopes is 'One row per term, base measure, use category and tenure that the term sums: the register''s filters written out, so that the warehouse needs an equi-join only.';

create table register.account_rules (
    municipality_code text not null,
    rule_no integer not null,
    priority integer not null,
    account_pattern text not null,
    function_pattern text not null,
    psp_pattern text not null,
    cost_centre_pattern text not null,
    dranst_pattern text not null,
    cost_category text not null,
    valid_from integer not null,
    valid_to integer not null,
    note text,
    primary key (municipality_code, rule_no)
);
comment on table register.account_rules is 'One row per rule of a municipality''s account_rules.csv; patterns are LIKE patterns, % means any; the lowest priority number wins, then the lowest rule_no. rule_no is the row of the file.';

create table register.property_links (
    municipality_code text not null,
    link_no integer not null,
    link_type text not null check (link_type in ('psp', 'cost_centre', 'institution', 'meter', 'bbr_building')),
    source_key text not null,
    property_no text not null,
    share numeric not null,
    valid_from integer not null,
    valid_to integer not null,
    note text,
    primary key (municipality_code, link_no)
);
comment on table register.property_links is 'One row per link of a municipality''s property_links.csv; shares of one key and year sum to 1.';
"""

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

POINTED = ("key_figures", "measures", "coverage", "measure_deliveries")
PROPERTY_MODEL = {"dim_municipalities": "municipalities", "dim_properties": "properties", "dim_buildings": "buildings"}


def _view(name: str, table: str, *, drop: set[str]) -> str:
    columns = [
        row[0]
        for row in op.get_bind().execute(
            text(
                "select column_name from information_schema.columns "
                "where table_schema = 'published' and table_name = :table order by ordinal_position"
            ),
            {"table": table},
        )
        if row[0] not in drop
    ]
    shown = ", ".join(f"t.{column}" for column in columns)
    return (
        f"create view marts.{name} with (security_invoker = true) as select {shown}, p.published_at "
        f"from published.{table} t join published.pointers p "
        f"using (municipality_code, topic, year, edition_id)"
    )


def upgrade() -> None:
    bind = op.get_bind()
    for role in ROLES:
        bind.execute(
            text(
                f"do $$ begin if not exists (select from pg_roles where rolname = '{role}') then "
                f"create role {role} login; end if; end $$"
            )
        )
    # A lock that cannot be had in ten seconds is a fault to report, not a queue for every reader to stand in.
    op.execute("alter role ejd_transformer set lock_timeout = '10s'")
    op.execute("revoke create on schema public from public")
    op.execute("do $$ begin execute format('revoke all on database %I from public', current_database()); end $$")
    for role in ROLES:
        op.execute(f"do $$ begin execute format('grant connect on database %I to {role}', current_database()); end $$")
    op.execute(
        "do $$ begin execute format('grant temporary on database %I to ejd_loader, ejd_transformer, ejd_publisher', "
        "current_database()); end $$"
    )
    for schema in ("ops", "register", "published", "marts"):
        op.execute(f"create schema {schema}")
    for schema in ("staging", "intermediate", "audit"):
        op.execute(f"create schema {schema} authorization ejd_transformer")
        # Objects that the transformer makes are read by the gate and by publication.
        op.execute(f"grant usage on schema {schema} to ejd_publisher")
    op.execute(
        "alter default privileges for role ejd_transformer in schema audit grant select on tables to ejd_publisher"
    )
    op.execute(
        "alter default privileges for role ejd_transformer in schema intermediate "
        "grant select on tables to ejd_publisher"
    )
    for statements in (OPS, REGISTER, PUBLISHED):
        op.execute(statements)
    _create_lineage_functions()
    for schema, tables in RAW_TABLES.items():
        create_raw_schema(schema, tables, PARTITIONED.get(schema, ()))
    _create_partition_function()
    _create_marts()
    _grant()


def _create_lineage_functions() -> None:
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


def _create_partition_function() -> None:
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


def _create_marts() -> None:
    for table in POINTED:
        op.execute(_view(table, table, drop=set()))
    for view, table in PROPERTY_MODEL.items():
        op.execute(_view(view, table, drop={"topic", "year"}))
    op.execute("create view marts.revisions with (security_invoker = true) as select * from published.revisions")
    op.execute(
        "create view marts.editions with (security_invoker = true) as "
        "select edition_id, kind, published_at, note from published.editions"
    )
    op.execute(
        "create view marts.dim_key_figures with (security_invoker = true) as "
        "select key_figure_code, version, topic, name_da, name_en, unit, scale, direction, levels, bound_low, "
        "bound_high, largest_change_pct, coverage_needed_pct, adoption_state, adopted_on, valid_from, valid_to, "
        "is_break, formula, definition_source from register.key_figures"
    )
    # Bodies in standard SQL are bound when they are created: a reader needs no rights on the schemas behind them.
    op.execute(
        """
        create function marts.key_figures_as_of(as_of timestamptz)
        returns setof marts.key_figures language sql stable security invoker
        begin atomic
            select k.edition_id, k.municipality_code, k.topic, k.year, k.level, k.key_figure_code, k.version,
                k.numerator, k.denominator, k.value, k.unit, k.status_code, k.flags, k.coverage_pct, k.n_units,
                k.reason, s.published_at
            from published.key_figures k
            join (
                select municipality_code, topic, year, max(edition_id) as edition_id, max(published_at) as published_at
                from published.scope_editions
                where published_at <= as_of
                group by municipality_code, topic, year
            ) s using (municipality_code, topic, year, edition_id);
        end
        """
    )
    op.execute(
        """
        create view marts.gate_verdicts with (security_invoker = true) as
        select r.municipality_code, r.topic, r.year, r.verdict, r.reason, r.rules_failed, r.decided_at
        from ops.gate_results r
        where r.candidate_id = (select max(c.candidate_id) from ops.gate_results c)
        """
    )
    op.execute(
        "comment on view marts.gate_verdicts is 'One row per municipality, topic and year: the latest verdict, "
        "so that a reader sees why a figure is missing or flagged.'"
    )


def _grant() -> None:
    op.execute("grant usage on schema ops to ejd_loader, ejd_transformer, ejd_publisher")
    op.execute("grant select on all tables in schema ops to ejd_loader, ejd_transformer, ejd_publisher")
    op.execute("grant insert, update on ops.deliveries to ejd_loader")
    op.execute("grant insert, update on ops.runs to ejd_loader, ejd_transformer, ejd_publisher")
    op.execute("grant insert, update on ops.candidates to ejd_transformer, ejd_publisher")
    op.execute(
        "grant insert, delete on ops.gate_failures, ops.gate_checks, ops.gate_results, ops.withheld_inputs "
        "to ejd_publisher"
    )
    op.execute("grant usage on schema register to ejd_loader, ejd_transformer, ejd_publisher")
    op.execute("grant select, insert, update, delete on all tables in schema register to ejd_loader")
    op.execute("grant select on all tables in schema register to ejd_transformer, ejd_publisher")
    # The register's loader asks whether a version is published, and nothing more: its definition is then fixed.
    op.execute("grant usage on schema published to ejd_loader")
    op.execute("grant select (key_figure_code, version) on published.key_figures to ejd_loader")
    op.execute("grant usage on schema published, marts to ejd_publisher")
    op.execute("grant select, insert on all tables in schema published to ejd_publisher")
    op.execute("grant update on published.pointers to ejd_publisher")
    op.execute("grant select on all tables in schema marts to ejd_publisher, ejd_analyst")
    op.execute("grant usage on schema marts to ejd_analyst")
    op.execute("revoke execute on function marts.key_figures_as_of(timestamptz) from public")
    op.execute("grant execute on function marts.key_figures_as_of(timestamptz) to ejd_publisher, ejd_analyst")
    # The marts views check the reader's own rights on the tables behind them (so that row security can follow),
    # and an analyst has no USAGE on those schemas: the tables cannot be named, only reached through marts.
    op.execute("grant select on all tables in schema published to ejd_analyst")
    op.execute("grant select on register.key_figures, ops.gate_results to ejd_analyst")


def downgrade() -> None:
    for schema in ("marts", "published", "audit", "intermediate", "staging", "register", *RAW_TABLES, "ops"):
        op.execute(f"drop schema if exists {schema} cascade")
