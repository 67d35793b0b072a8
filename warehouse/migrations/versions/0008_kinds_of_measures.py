"""More kinds of measures, and which of them a municipality may hand in as an observation.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OLD_KINDS = "'area', 'cost', 'quantity', 'users'"
KINDS = "'area', 'cost', 'cost_part', 'quantity', 'users', 'hours', 'condition'"


def upgrade() -> None:
    op.execute("alter table register.measures add column is_delivered boolean not null default false")
    _set_kinds(KINDS)


def downgrade() -> None:
    # The register is loaded from files: what an older program does not know goes, and comes back with the next load.
    new = f"select measure_code from register.measures where kind not in ({OLD_KINDS})"
    op.execute(
        "delete from register.key_figures where (key_figure_code, version) in "
        f"(select key_figure_code, version from register.key_figure_terms where measure_code in ({new}))"
    )
    op.execute(f"delete from register.measure_components where measure_code in ({new}) or component_code in ({new})")
    op.execute(f"delete from register.measures where kind not in ({OLD_KINDS})")
    _set_kinds(OLD_KINDS)
    op.execute("alter table register.measures drop column is_delivered")


def _set_kinds(kinds: str) -> None:
    op.execute("alter table register.measures drop constraint measures_kind_check")
    op.execute(f"alter table register.measures add constraint measures_kind_check check (kind in ({kinds}))")
