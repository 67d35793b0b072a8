"""All lists of Dalux FM, and openMAINT.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

from warehouse.migrations.raw_tables import add_raw_columns, add_raw_tables, create_raw_schema

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ADDED_COLUMNS = {
    "estates": "location_id cost_centre district",
    "buildings": "label region user_regions last_bim_change_date bfe_no cost_centre built_year condition workplaces",
}
DALUX = {
    "lots": "lot_id estate_id name alternative_name road number zip_code city user_regions area use tenure "
    "last_change_date",
    "floors": "floor_id building_id name alternative_name floor_type height gross_area net_area last_change_date",
    "rooms": "room_id floor_id building_id gross_area net_area room_no room_type use tenure cleaning_area "
    "cleaning_profile cleaning_frequency cleaning_minutes floor_covering workplaces last_change_date",
    "locations": "location_id name parent_id is_municipality",
    "assets": "asset_id classification_id classification_code disciplines estate_ids building_ids "
    "floor_ids room_ids lot_ids product_id parent_asset_id created_date installation_date "
    "warranty_start_date warranty_end_date condition consequence remaining_life renewal_year "
    "renewal_cost building_part quantity unit last_change_date",
    "asset_classifications": "classification_id parent_id code name",
    "products": "product_id name last_change_date",
    "documents": "document_id version size building_ids estate_ids floor_ids room_ids lot_ids asset_ids "
    "upload_date last_change_date",
    "workorders": "work_order_id number status type template_id team_id priority_id company_id estate_ids "
    "building_ids floor_ids room_ids lot_ids asset_ids created_date start_date "
    "expected_execution_date deadline_date closed_date duration_days expected_cost account_no "
    "hours_registered is_economy_closed is_statutory has_warranty cost_centre ean_no actual_cost "
    "work_category last_change_date",
    "tickets": "ticket_id number status topic_id team_id estate_ids building_ids floor_ids room_ids lot_ids "
    "created_date last_change_date",
    "invoices": "invoice_id number status work_order_id company_id amount invoice_date created_date last_change_date",
    "companies": "company_id organisation_no is_active disciplines company_types",
    "checklists": "checklist_id last_change_date",
    "workorder_statuses": "id name code group_name",
    "workorder_priorities": "id name code group_name",
    "workorder_teams": "id name code group_name",
    "workorder_templates": "id name code group_name",
    "ticket_statuses": "id name code group_name",
    "ticket_topics": "id name code group_name",
    "invoice_statuses": "id name code group_name",
}
OPENMAINT = {
    "complexes": "complex_id code begin_date name condition_code criticality_code state_code address zip_code city "
    "gross_area net_area covered_area glazed_area cleaning_area volume heated_volume main_use_code "
    "main_use property_no bfe_no tenure use cost_centre",
    "buildings": "building_id complex_id code begin_date name condition_code criticality_code state_code address "
    "zip_code city gross_area net_area covered_area glazed_area cleaning_area volume heated_volume "
    "main_use_code main_use floors rooms property_no building_no bbr_id bfe_no tenure use bda_area "
    "heated_area built_year cost_centre",
    "floors": "floor_id building_id code begin_date name condition_code criticality_code state_code address "
    "zip_code city gross_area net_area covered_area glazed_area cleaning_area volume heated_volume "
    "main_use_code main_use",
    "rooms": "room_id floor_id building_id code begin_date name condition_code criticality_code state_code "
    "address zip_code city gross_area net_area covered_area glazed_area cleaning_area volume "
    "heated_volume main_use_code main_use room_type use tenure cleaning_profile cleaning_frequency "
    "cleaning_minutes floor_covering workplaces",
    "maintenance_requests": "request_id code begin_date building_id room_id priority_code category_code status_code opened_at "
    "closed_at cost cost_centre",
    "meters": "meter_id code begin_date building_id type_code type_name unit meter_no carrier factor",
    "meter_readings": "reading_id code begin_date meter_id read_at value",
    "budget_items": "budget_item_id code begin_date building_id type_code type_name year amount account cost_centre",
    "contracts": "contract_id code begin_date building_id type_code valid_from valid_to amount yearly_rent area",
}


def upgrade() -> None:
    for table, columns in ADDED_COLUMNS.items():
        add_raw_columns(f"raw_fm_dalux.{table}", columns)
    add_raw_tables("raw_fm_dalux", DALUX)
    create_raw_schema("raw_fm_openmaint", OPENMAINT)


def downgrade() -> None:
    op.execute("drop schema raw_fm_openmaint cascade")
    for table in DALUX:
        op.execute(f"drop table raw_fm_dalux.{table}")
        op.execute(f"drop sequence raw_fm_dalux.{table}_row_no")
    for table, columns in ADDED_COLUMNS.items():
        dropped = ", ".join(f"drop column {column}" for column in columns.split())
        op.execute(f"alter table raw_fm_dalux.{table} {dropped}")
