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


# The columns came with the levels of 0012; here they get their rules and are shown to readers.
RULES = {
    "key_figures_price_basis_check": "price_basis in ('', 'nominal', 'fixed')",
    "key_figures_min_persons_check": "min_persons > 0",
    "key_figures_persons_check": "(min_persons is null) = (persons_measure is null)",
}


def upgrade() -> None:
    op.execute("alter table register.key_figures alter column min_persons type integer")
    for name, rule in RULES.items():
        op.execute(f"alter table register.key_figures add constraint {name} check ({rule})")
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
    for name in RULES:
        op.execute(f"alter table register.key_figures drop constraint {name}")
    op.execute("alter table register.key_figures alter column min_persons type numeric")
