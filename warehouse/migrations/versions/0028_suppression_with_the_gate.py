"""What is hidden of a candidate is decided when it is judged; statistics of published tables are made faster.

Revision ID: 0028
Revises: 0027
"""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = """
create table ops.hidden_measures (
    municipality_code text not null,
    year integer not null,
    measure_code text not null,
    use_category text not null,
    property_id text not null
);
comment on table ops.hidden_measures is 'One row per measure of a property whose amount few persons are behind, of the candidate that was judged last. Not written when it is published.';

create table ops.hidden_figures (
    municipality_code text not null,
    year integer not null,
    key_figure_code text not null,
    version integer not null,
    use_category text not null,
    reason text not null
);
comment on table ops.hidden_figures is 'One row per key figure and use category that few persons are behind, of the candidate that was judged last; use category empty is all of them. Not written when it is published.';

alter table ops.candidates add column suppressed_at timestamptz;
"""
GRANTS = "grant select, insert, delete on ops.hidden_measures, ops.hidden_figures to ejd_publisher"
# Nobody asks for rows by these, and to sample them took half of the time after every publication.
WITHOUT_STATISTICS = {
    "key_figures": "numerator denominator flags coverage_pct n_units reason area_basis price_basis",
    "benchmarks": "group_name group_version n_members n_excluded n_missing n_not_possible n_suppressed n_imputed n_differs "
    "n_provisional n_flagged n_unreliable n_outliers n_estimated numerator denominator weighted_mean unweighted_mean p10 "
    "p25 median p75 p90 growth_pct n_growth reason",
    "positions": "value n percentile_rank",
    "revisions": "old_value new_value reason",
}


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GRANTS)
    _set_statistics(0)


def downgrade() -> None:
    _set_statistics(-1)
    op.execute("alter table ops.candidates drop column suppressed_at")
    op.execute("drop table ops.hidden_measures, ops.hidden_figures")


def _set_statistics(target: int) -> None:
    for table, columns in WITHOUT_STATISTICS.items():
        changes = ", ".join(f"alter column {column} set statistics {target}" for column in columns.split())
        op.execute(f"alter table published.{table} {changes}")
