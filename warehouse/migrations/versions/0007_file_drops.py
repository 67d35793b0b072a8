"""More of what municipalities keep in files: rooms, work orders, surveys, leases, workplaces, opening hours, bookings.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

from warehouse.migrations.raw_tables import add_raw_columns, add_raw_tables

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BUILDING_COLUMNS = (
    "alternative_name road house_no zip_code city owner_cvr net_area bda_area rebuilt_year protected heating "
    "energy_label label_valid_to"
)
TABLES = {
    "rooms": "municipality_no property_no building_no floor room_no name room_type area gross_area area_unit "
    "floor_material cleaning_profile frequency_per_week minutes cleaning_code",
    "work_orders": "municipality_no order_no property_no building_no status order_type priority created closed deadline "
    "expected_cost actual_cost account cost_centre",
    "condition_surveys": "municipality_no property_no building_no part_code part_classification condition_grade "
    "condition_scale consequence remaining_life_years priority due_year amount quantity unit interval_years surveyed",
    "leases": "municipality_no lease_no property_no building_no area annual_rent valid_from valid_to notice_months role",
    "workplaces": "municipality_no property_no building_no count_date workplaces employees",
    "opening_hours": "municipality_no property_no building_no room_no weekday opens closes valid_from valid_to",
    "bookings": "municipality_no property_no building_no room_no booking_date starts ends hours kind",
}


def upgrade() -> None:
    add_raw_columns("raw_fm_files.buildings", BUILDING_COLUMNS)
    add_raw_tables("raw_fm_files", TABLES)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"drop table raw_fm_files.{table}")
        op.execute(f"drop sequence raw_fm_files.{table}_row_no")
    dropped = ", ".join(f"drop column {column}" for column in BUILDING_COLUMNS.split())
    op.execute(f"alter table raw_fm_files.buildings {dropped}")
