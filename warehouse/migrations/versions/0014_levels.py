"""Key figures at further levels, with what area and prices they rest on; benchmarks and peer groups.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

from warehouse.migrations.levels import benchmarks, unit_views

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

VIEW = """
create view marts.key_figures with (security_invoker = true) as
select t.edition_id, t.municipality_code, t.topic, t.year, t.level, {use_category}t.key_figure_code, t.version,
    t.numerator, t.denominator, t.value, t.unit, t.status_code, t.flags, t.coverage_pct, t.n_units{bases}, t.reason,
    p.published_at
from published.key_figures t
join published.pointers p using (municipality_code, topic, year, edition_id)
"""
# Bodies in standard SQL are bound when they are created: a reader needs no rights on the schemas behind them.
AS_OF = """
create function marts.key_figures_as_of(as_of timestamptz)
returns setof marts.key_figures language sql stable security invoker
begin atomic
    select t.edition_id, t.municipality_code, t.topic, t.year, t.level, {use_category}t.key_figure_code, t.version,
        t.numerator, t.denominator, t.value, t.unit, t.status_code, t.flags, t.coverage_pct, t.n_units{bases},
        t.reason, s.published_at
    from published.key_figures t
    join (
        select municipality_code, topic, year, max(edition_id) as edition_id, max(published_at) as published_at
        from published.scope_editions
        where published_at <= as_of
        group by municipality_code, topic, year
    ) s using (municipality_code, topic, year, edition_id);
end
"""
KEY = "municipality_code, topic, year, edition_id, level, {}key_figure_code, version"
REVISION_KEY = "edition_id, municipality_code, year, level, {}key_figure_code, version"


def upgrade() -> None:
    _drop_readers()
    op.execute(
        "alter table published.key_figures add column use_category text not null default '', "
        "add column area_basis text not null default '', add column price_basis text not null default ''"
    )
    op.execute("alter table published.revisions add column use_category text not null default ''")
    _set_keys("use_category, ")
    # A reader asks for a figure and a year, or for a municipality: the primary key answers the second.
    op.execute("create index key_figures_by_figure on published.key_figures (key_figure_code, year, level)")
    _create_readers("t.use_category, ", ", t.area_basis, t.price_basis")
    op.execute(unit_views.INDEX)
    op.execute(benchmarks.TABLES)
    for statement in benchmarks.GRANTS:
        op.execute(statement)
    # What the views of properties and buildings read: an analyst reaches it through them only.
    op.execute("grant select on register.key_figure_terms, register.key_figure_term_scopes to ejd_analyst")
    for name, query in (benchmarks.VIEWS | unit_views.VIEWS).items():
        op.execute(f"create view marts.{name} with (security_invoker = true) as {query}")
        op.execute(f"grant select on marts.{name} to ejd_publisher, ejd_analyst")


def downgrade() -> None:
    for name in benchmarks.VIEWS | unit_views.VIEWS:
        op.execute(f"drop view marts.{name}")
    for statement in benchmarks.DROPS:
        op.execute(statement)
    op.execute("drop index published.measures_by_figure")
    op.execute("revoke select on register.key_figure_terms, register.key_figure_term_scopes from ejd_analyst")
    _drop_readers()
    # What an older program does not know goes: levels below the municipality.
    for table in ("key_figures", "revisions"):
        op.execute(f"delete from published.{table} where level = 'use_category'")
    _set_keys("")
    op.execute("drop index published.key_figures_by_figure")
    op.execute(
        "alter table published.key_figures drop column use_category, drop column area_basis, drop column price_basis"
    )
    op.execute("alter table published.revisions drop column use_category")
    _create_readers("", "")


def _set_keys(use_category: str) -> None:
    for table, key in (("key_figures", KEY), ("revisions", REVISION_KEY)):
        op.execute(
            f"alter table published.{table} drop constraint {table}_pkey, add primary key ({key.format(use_category)})"
        )


def _drop_readers() -> None:
    op.execute("drop function marts.key_figures_as_of(timestamptz)")
    op.execute("drop view marts.key_figures")
    op.execute("drop view marts.revisions")


def _create_readers(use_category: str, bases: str) -> None:
    op.execute(VIEW.format(use_category=use_category, bases=bases))
    op.execute(AS_OF.format(use_category=use_category, bases=bases))
    op.execute("create view marts.revisions with (security_invoker = true) as select * from published.revisions")
    op.execute("grant select on marts.key_figures, marts.revisions to ejd_publisher, ejd_analyst")
    op.execute("revoke execute on function marts.key_figures_as_of(timestamptz) from public")
    op.execute("grant execute on function marts.key_figures_as_of(timestamptz) to ejd_publisher, ejd_analyst")
