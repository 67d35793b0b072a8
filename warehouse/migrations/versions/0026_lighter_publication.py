"""Positions have an index that is cheap to fill, and statistics are renewed of tables that were written only.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# Every publication writes positions anew, in one statement that groups by what would be their key: an index over nine
# columns to prove it once more took two fifths of the time.
KEY = "topic, year, municipality_code, key_figure_code, version, level, use_category, group_type, group_code"
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
    op.execute("alter table published.positions drop constraint positions_pkey")
    op.execute("create index positions_by_municipality on published.positions (municipality_code, year, topic)")
    op.execute(STATISTICS.format(condition=WRITTEN))


def downgrade() -> None:
    op.execute(STATISTICS.format(condition=""))
    op.execute("drop index published.positions_by_municipality")
    op.execute(f"alter table published.positions add primary key ({KEY})")
