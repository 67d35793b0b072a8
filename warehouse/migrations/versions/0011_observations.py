"""What a municipality observes itself because no system has it: a measure per property or building and year.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

from warehouse.migrations.raw_tables import add_raw_tables

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = {"observations": "municipality_no property_no building_no measure year amount"}


def upgrade() -> None:
    add_raw_tables("raw_fm_files", TABLES)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"drop table raw_fm_files.{table}")
        op.execute(f"drop sequence raw_fm_files.{table}_row_no")
