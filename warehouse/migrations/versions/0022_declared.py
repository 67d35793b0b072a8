"""By which register and dbt project a candidate was made, so that the next build makes only what has changed.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table ops.candidates add column register_sha256 text, add column project_sha256 text")


def downgrade() -> None:
    op.execute("alter table ops.candidates drop column register_sha256, drop column project_sha256")
