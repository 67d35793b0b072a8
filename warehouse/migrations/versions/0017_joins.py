"""The transformer joins by hash, not by merging.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Models join by columns whose values go together (municipality, year and a key within them). A planner takes them as
    # independent, expects few rows, and merges by the first columns alone with the key as a filter: quadratic in a scope.
    # Seen: 64 s against 2 s for the costs of three small municipalities.
    op.execute("alter role ejd_transformer set enable_mergejoin = off")


def downgrade() -> None:
    op.execute("alter role ejd_transformer reset enable_mergejoin")
