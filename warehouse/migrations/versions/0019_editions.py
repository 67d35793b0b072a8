"""Sign-offs, final scopes, what a candidate was made of, why a value was revised, and how a figure developed.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = """
create table ops.bundles (
    bundle_sha256 text primary key,
    stored_path text not null,
    byte_size bigint not null,
    parts jsonb not null,
    made_at timestamptz not null default clock_timestamp()
);
comment on table ops.bundles is 'One row per archived state of register, configuration, dbt project, rules and program. bundle_sha256 covers every path and its bytes; parts has a hash per folder.';

create table ops.candidate_deliveries (
    candidate_id bigint not null references ops.candidates on delete cascade,
    delivery_id bigint not null references ops.deliveries,
    primary key (candidate_id, delivery_id)
);
comment on table ops.candidate_deliveries is 'One row per candidate and delivery that was current when it was begun.';

create table ops.sign_offs (
    sign_off_id bigint generated always as identity primary key,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    edition_id bigint not null references published.editions,
    content_sha256 text not null,
    signed_by text not null check (signed_by <> ''),
    role text not null check (role <> ''),
    note text,
    signed_at timestamptz not null default clock_timestamp()
);
comment on table ops.sign_offs is 'One row per signature under what readers saw of a municipality, topic and year. The newest of a scope counts.';
create index on ops.sign_offs (municipality_code, topic, year, sign_off_id);

create table ops.edition_withheld_inputs (
    edition_id bigint not null references published.editions,
    municipality_code text not null,
    topic text not null,
    use_category text not null,
    measure_code text not null,
    year integer not null,
    rule text not null,
    primary key (edition_id, municipality_code, use_category, measure_code, year, rule)
);
comment on table ops.edition_withheld_inputs is 'One row per edition and measure that the gate found unusable when it was published: a candidate may be judged again.';

create table ops.edition_warnings (
    edition_id bigint not null references published.editions,
    rule text not null,
    municipality_code text not null,
    topic text not null,
    year integer not null,
    key text not null,
    primary key (edition_id, rule, municipality_code, topic, year, key)
);
comment on table ops.edition_warnings is 'One row per edition and value that the gate warned about when it was published.';

create table published.finals (
    municipality_code text not null,
    topic text not null,
    year integer not null,
    edition_id bigint not null references published.editions,
    content_sha256 text not null,
    locked_at timestamptz not null,
    primary key (municipality_code, topic, year)
);
comment on table published.finals is 'One row per scope that is final: only a correction changes it, and is then named here.';
"""
TABLE_NAMES = (
    "published.finals", "ops.edition_warnings", "ops.edition_withheld_inputs", "ops.sign_offs",
    "ops.candidate_deliveries", "ops.bundles",
)  # fmt: skip
GRANTS = (
    "grant select on ops.bundles, ops.candidate_deliveries, ops.sign_offs, ops.edition_withheld_inputs, "
    "ops.edition_warnings to ejd_loader, ejd_transformer, ejd_publisher",
    "grant insert on ops.bundles, ops.candidate_deliveries to ejd_transformer",
    # Append only: no role of ours changes or takes back a signature.
    "grant insert on ops.sign_offs, ops.edition_withheld_inputs, ops.edition_warnings to ejd_publisher",
    "grant select, insert, update on published.finals to ejd_publisher",
    "grant select on published.finals to ejd_analyst",
)
REVISIONS = """
select r.edition_id, r.municipality_code, r.topic, r.year, r.level, r.key_figure_code, r.version, r.old_edition_id,
    r.old_value, r.new_value, r.old_status_code, r.new_status_code, r.published_at, r.use_category,
    r.new_value - r.old_value as difference, coalesce(e.note, r.reason) as reason, e.kind
from published.revisions r
join published.editions e using (edition_id)
"""
# A scope is written as a whole when one of its figures changes: only what changed is a step of a figure's history.
TRIANGLE = """
with stepped as (
    select k.*, e.kind, e.published_at,
        row_number() over figure as shown_no,
        lag(k.value) over figure as last_value,
        lag(k.status_code) over figure as last_status_code
    from published.key_figures k
    join published.editions e using (edition_id)
    window figure as (
        partition by k.municipality_code, k.topic, k.year, k.level, k.use_category, k.key_figure_code, k.version
        order by k.edition_id
    )
)
select municipality_code, topic, year, level, use_category, key_figure_code, version, edition_id, kind, published_at,
    cast(row_number() over figure as integer) as step_no,
    cast((extract(year from published_at) - year - 1) * 12 + extract(month from published_at) as integer)
        as months_after_year,
    value, status_code,
    first_value(value) over figure as first_value,
    value - first_value(value) over figure as difference_from_first
from stepped
where shown_no = 1 or value is distinct from last_value or status_code is distinct from last_status_code
window figure as (
    partition by municipality_code, topic, year, level, use_category, key_figure_code, version order by edition_id
)
"""
FINALS = """
select f.municipality_code, f.topic, f.year, f.edition_id, e.kind, f.locked_at
from published.finals f
join published.editions e using (edition_id)
"""
# Within a level, figures of one use category are asked for: without it each query reads ten times as many rows of every
# edition there was (measured with two editions of the country: 3.8 ms, with it 1.1 ms).
FIGURE_INDEX = "create index key_figures_by_figure on published.key_figures (key_figure_code, year, level{})"
VIEWS = {"revisions": REVISIONS, "revision_triangle": TRIANGLE, "finals": FINALS}


def upgrade() -> None:
    op.execute(TABLES)
    # Also made by the migration of the gate, whichever comes first.
    op.execute("alter table ops.candidates add column if not exists kind text not null default 'provisional'")
    op.execute(
        "alter table ops.candidates add column bundle_sha256 text references ops.bundles, "
        "add column inputs_moved boolean not null default false"
    )
    op.execute("alter table published.revisions add column reason text")
    op.execute("drop view marts.revisions")
    for view, query in VIEWS.items():
        op.execute(f"create view marts.{view} with (security_invoker = true) as {query}")
        op.execute(f"grant select on marts.{view} to ejd_publisher, ejd_analyst")
    for statement in GRANTS:
        op.execute(statement)
    op.execute("drop index published.key_figures_by_figure")
    op.execute(FIGURE_INDEX.format(", use_category"))


def downgrade() -> None:
    for view in VIEWS:
        op.execute(f"drop view marts.{view}")
    op.execute("drop index published.key_figures_by_figure")
    op.execute(FIGURE_INDEX.format(""))
    # What an older program does not know goes: withdrawn values have no row of their own there.
    op.execute("delete from published.key_figures where status_code = 'z'")
    op.execute("alter table published.revisions drop column reason")
    op.execute("create view marts.revisions with (security_invoker = true) as select * from published.revisions")
    op.execute("grant select on marts.revisions to ejd_publisher, ejd_analyst")
    op.execute("alter table ops.candidates drop column inputs_moved, drop column bundle_sha256")
    for table in TABLE_NAMES:
        op.execute(f"drop table {table}")
