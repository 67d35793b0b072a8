"""Raw tables of official statistics: StatBank, STIL, and factors that are the same for all.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

from warehouse.migrations.raw_tables import add_raw_tables, create_raw_schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATBANK = {
    "regk31": "omraade funktion dranst art prisenhed tid indhold",
    "regk100": "omraade funktion dranst art prisenhed ejer gruppering tid indhold",
    "budk32": "omraade funktion dranst art prisenhed tid indhold",
    "nglk": "omraade bnoegle brutnetudg prisenhed tid indhold",
    "pris113": "type tid indhold",
    "byg43": "hindeks dindeks art tal tid indhold",
    "municipality_groups": "sekvens kode niveau titel",
}
# A table with a few million cells a year and municipality.
PARTITIONED = {"regk100"}
STIL = {
    "pupils": "institution_no institution_name municipality_name school_year pupils",
    "institutions": "institution_no institution_name institution_type_no institution_type_name municipality_name "
    "unit_kind main_institution_no address zip_code latitude longitude",
}
FACTORS = {
    "degree_days": "source_name vintage area year month is_normal_year degree_days",
    "price_index": "source_name vintage art_group year_from year_to pct",
    "emission_factors": "source_name vintage carrier area year method kg_co2e_per_kwh",
    "replacement_values": "source_name vintage use_category price_year dkk_per_m2",
}


def upgrade() -> None:
    """Make the tables."""
    add_raw_tables("raw_statbank", STATBANK, PARTITIONED)
    create_raw_schema("raw_stil", STIL)
    create_raw_schema("raw_factors", FACTORS)


def downgrade() -> None:
    """Drop them with all that landed in them."""
    op.execute("drop schema raw_factors cascade")
    op.execute("drop schema raw_stil cascade")
    for table in STATBANK:
        op.execute(f"drop table raw_statbank.{table}")
        op.execute(f"drop sequence raw_statbank.{table}_row_no")
