"""What a publication writes costs less, and readers do not pass by what it writes or wrote before.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

from warehouse.migrations.levels import benchmarks

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# Every publication writes positions anew, in one statement that groups by what would be their key: an index over nine
# columns to prove it once more took two fifths of the time.
KEY = "topic, year, municipality_code, key_figure_code, version, level, use_category, group_type, group_code"
# With the number of the computation in the indexes nobody reads rows that are being written or no longer shown.
INDEXES = {
    "positions_by_figure": "published.positions (key_figure_code, year, level{})",
    "positions_by_municipality": "published.positions (municipality_code, year, topic{})",
}
POSITIONS = """
create or replace view marts.positions with (security_invoker = true) as
select p.topic, p.year, p.key_figure_code, p.version, p.level, p.use_category, p.group_type, p.group_code,
    p.municipality_code, p.value, p.n, p.percentile_rank, p.quartile_group, p.excluded_reason
from published.positions p
join published.benchmark_pointers b using (topic, year, run_id)
"""
COMMENT = (
    "One row per computation, key figure version, year, level, use category, group and municipality with a value: where "
    "it lies in the group. Of the newest computation and, until the next publication, the one before."
)
FIGURE_FIRST = "topic, year, key_figure_code, level, use_category, group_type, group_code, version, run_id"
RUN_FIRST = "topic, year, run_id, key_figure_code, level, use_category, group_type, group_code, version"
STATISTICS = """
create or replace function ops.renew_statistics(variadic of_schemas text[]) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    read regclass;
begin
    for read in
        select oid::regclass from pg_class
        where relnamespace::regnamespace::text = any (of_schemas)
            and relnamespace in ('ops'::regnamespace, 'published'::regnamespace, 'register'::regnamespace)
            and relkind = 'r'{condition}
    loop
        execute format('analyze %s', read);
    end loop;
end
$$
"""
# A crash of the server loses both numbers: then every table counts as never looked at.
WRITTEN = """
            and (
                pg_stat_get_mod_since_analyze(oid) > 0
                or coalesce(pg_stat_get_last_analyze_time(oid), pg_stat_get_last_autoanalyze_time(oid)) is null
            )"""


def upgrade() -> None:
    op.execute("alter table published.positions drop constraint positions_pkey, add column run_id bigint")
    op.execute(
        "update published.positions p set run_id = b.run_id from published.benchmark_pointers b "
        "where b.topic = p.topic and b.year = p.year"
    )
    op.execute("alter table published.positions alter column run_id set not null")
    op.execute(f"comment on table published.positions is '{COMMENT}'")
    op.execute("drop index published.positions_by_figure")
    for name, columns in INDEXES.items():
        op.execute(f"create index {name} on {columns.format(', run_id')}")
    op.execute(POSITIONS)
    _key_of_benchmarks(RUN_FIRST)
    op.execute(STATISTICS.format(condition=WRITTEN))


def downgrade() -> None:
    op.execute(STATISTICS.format(condition=""))
    _key_of_benchmarks(FIGURE_FIRST)
    op.execute(
        f"create or replace view marts.positions with (security_invoker = true) as {benchmarks.VIEWS['positions']}"
    )
    op.execute(
        "delete from published.positions where (topic, year, run_id) not in "
        "(select topic, year, run_id from published.benchmark_pointers)"
    )
    for name in INDEXES:
        op.execute(f"drop index published.{name}")
    op.execute(f"create index positions_by_figure on {INDEXES['positions_by_figure'].format('')}")
    op.execute(f"alter table published.positions drop column run_id, add primary key ({KEY})")


def _key_of_benchmarks(columns: str) -> None:
    op.execute(f"alter table published.benchmarks drop constraint benchmarks_pkey, add primary key ({columns})")
