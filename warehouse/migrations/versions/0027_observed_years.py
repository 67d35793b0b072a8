"""For which municipalities and years a candidate's models were made, so that the next build knows whether they moved.

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table ops.candidates add column observed_years text")


def downgrade() -> None:
    op.execute("alter table ops.candidates drop column observed_years")
