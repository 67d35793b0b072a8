"""Ledgers of any system, the annual accounts, and the further files of Opus and Prisme.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

from warehouse.migrations.raw_tables import add_raw_tables, create_raw_schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

POSTINGS = (
    "municipality_no document_no line_no fiscal_year period posting_date document_date registration_date "
    "registration_time account authorised_account function dranst ownership grouping art psp_element cost_centre "
    "profit_centre project_no department carrier purpose debit_credit amount amount_unit document_type posting_type "
    "reversal_reference reversal_flag"
)
ANNUAL = "municipality_no function dranst ownership grouping art"
NEW_SCHEMAS = {
    "raw_ledger_files": {
        "postings": POSTINGS,
        "registered_postings": POSTINGS,
        "dimensions": "dimension code name function dranst ownership grouping property_no",
        "accounts": "account name account_class function dranst ownership grouping art",
    },
    "raw_dst_accounts": {
        "specification": f"{ANNUAL} amount",
        "balance": f"{ANNUAL} opening_amount closing_amount",
        "cost_centre_specification": f"{ANNUAL} place_code amount name",
    },
}
NEW_TABLES = {
    "raw_ledger_opus": {
        "project_lines": "document_no line_no psp_element period posting_date document_date value_date "
        "registration_date registration_time fiscal_year cost_element amount currency document_type function_area "
        "counter_account partner_object reference_document_no reversal_reference reversal_origin reversal_flag "
        "reversed_flag",
        "cost_centres": "cost_centre name function dranst ownership grouping property_no",
        "accounts": "account name account_class art",
    },
    "raw_ledger_prisme": {
        "g69_postings": "file_line_no organisation_no organisation_type posting_type machine_no batch_no posting_date "
        "account amount_oere debit_credit fiscal_year value_date requisition_no carrier department purpose project_no "
        "project_type",
    },
}
# Large tables are partitioned by municipality.
PARTITIONED = {
    "raw_ledger_files": {"postings", "registered_postings"},
    "raw_ledger_opus": {"project_lines"},
    "raw_ledger_prisme": {"g69_postings"},
}


def upgrade() -> None:
    """Create the tables."""
    for schema, tables in NEW_SCHEMAS.items():
        create_raw_schema(schema, tables, PARTITIONED.get(schema, ()))
    for schema, tables in NEW_TABLES.items():
        add_raw_tables(schema, tables, PARTITIONED.get(schema, ()))


def downgrade() -> None:
    """Drop the tables and the rows in them."""
    for schema, tables in NEW_TABLES.items():
        for table in tables:
            op.execute(f"drop table {schema}.{table}")
            op.execute(f"drop sequence {schema}.{table}_row_no")
    for schema in NEW_SCHEMAS:
        op.execute(f"drop schema {schema} cascade")
