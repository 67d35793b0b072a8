"""What area and which prices a key figure stands on, and how many persons must be behind it.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = (
    "key_figure_code, version, topic, name_da, name_en, unit, scale, direction, levels, bound_low, bound_high, "
    "largest_change_pct, coverage_needed_pct, adoption_state, adopted_on, valid_from, valid_to, is_break, formula, "
    "definition_source"
)
NEW_COLUMNS = "area_basis, price_basis, min_persons, persons_measure"


def upgrade() -> None:
    op.execute(
        """
        alter table register.key_figures
            add column area_basis text not null default '',
            add column price_basis text not null default ''
                constraint key_figures_price_basis_check check (price_basis in ('', 'nominal', 'fixed')),
            add column min_persons integer
                constraint key_figures_min_persons_check check (min_persons > 0),
            add column persons_measure text references register.measures,
            add constraint key_figures_persons_check check ((min_persons is null) = (persons_measure is null))
        """
    )
    op.execute(
        "create or replace view marts.dim_key_figures with (security_invoker = true) as "
        f"select {COLUMNS}, {NEW_COLUMNS} from register.key_figures"
    )


def downgrade() -> None:
    # A view cannot lose columns in place; its rights are those it was made with.
    op.execute("drop view marts.dim_key_figures")
    op.execute(
        "create view marts.dim_key_figures with (security_invoker = true) as "
        f"select {COLUMNS} from register.key_figures"
    )
    op.execute("grant select on marts.dim_key_figures to ejd_publisher, ejd_analyst")
    op.execute("alter table register.key_figures drop constraint key_figures_persons_check")
    for column in NEW_COLUMNS.split(", "):
        op.execute(f"alter table register.key_figures drop column {column}")
