"""Raw tables of electricity, heat and water meters and of energy labels.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

from warehouse.migrations.raw_tables import create_raw_schema

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RAW_TABLES = {
    "raw_eloverblik": {
        "metering_points": "metering_point_id parent_metering_point_id type_of_mp sub_type_of_mp settlement_method "
        "physical_status_of_mp net_settlement_group energy_time_series_measure_unit estimated_annual_volume "
        "meter_number meter_reading_occurrence consumer_cvr consumer_start_date street_code street_name "
        "building_number postcode city_name mp_municipality_code dar_reference has_relation child_count",
        "readings": "metering_point_id series_type unit resolution period_start period_end position quantity quality",
    },
    "raw_ek109": {
        "readings": "line_no installation_no meter_no energy_code read_at valid_from art_code art_name type_code value "
        "unit is_zero_line",
    },
    "raw_emodata": {
        "energy_labels": "label_no building_no bfe_no municipality_no property_no entity_identifier classification "
        "type_usage label_status_code bbr_use_code heat_supply year_of_construction valid_from valid_to street_name "
        "house_number zip_code city_name",
    },
}
PARTITIONED = {"raw_eloverblik": {"readings"}, "raw_ek109": {"readings"}}


def upgrade() -> None:
    for schema, tables in RAW_TABLES.items():
        create_raw_schema(schema, tables, PARTITIONED.get(schema, ()))


def downgrade() -> None:
    for schema in RAW_TABLES:
        op.execute(f"drop schema if exists {schema} cascade")
