"""The lists of Dalux FM and the fields that are let in.

Not let in, because they name persons or are free text that can: names and descriptions of assets, work orders and
tickets, responsible and reporter, changed and created by, uploaded by, file names, names of companies and checklists,
QR codes (they hold the asset's name).
Names are compared without case, so `buildingId` stands for version 1's `buildingID` too.
"""

from connectors.base import Stream
from connectors.records import OWN
from connectors.spooled import SPOOL

CHANGED = {"lastChangeDate": "last_change_date", "lastChange": "last_change_date"}
ADDRESS = {
    "address.road": "road", "road": "road", "address.number": "number", "number": "number",
    "address.zipCode": "zip_code", "zipCode": "zip_code", "address.city": "city", "city": "city",
}  # fmt: skip
# Version 1 names one place of each kind and, for work orders, several more; version 2 lists of references.
PLACED = {
    "placement.estateRefs.estateId": "estate_ids",
    "placement.buildingRefs.buildingId": "building_ids", "buildingIDs": "building_ids", "buildingID": "building_ids",
    "buildingMasterId": "building_ids",
    "placement.floorRefs.floorId": "floor_ids", "floorID": "floor_ids",
    "placement.roomRefs.roomId": "room_ids", "roomIDs": "room_ids", "roomID": "room_ids", "roomMasterId": "room_ids",
    "placement.lotRefs.lotId": "lot_ids", "lotID": "lot_ids", "lotMasterId": "lot_ids",
}  # fmt: skip


def _own(names: str) -> dict[str, str]:
    return {OWN + name: name for name in names.split()}


def _lookup(name: str, path: str, key: str) -> Stream:
    return Stream(
        name=name, path=path, key=("id",), profile=SPOOL,
        columns={key: "id", "id": "id", "name": "name", "value": "name", "code": "code", "group": "group_name"},
    )  # fmt: skip


PLACES = (
    Stream(
        name="estates", path="2.0/estates", key=("estate_id",), cursor="last_change_date", profile=SPOOL,
        columns={
            "estateId": "estate_id", "id": "estate_id", "name": "name",
            **_own("property_no bfe_no use tenure"), **CHANGED,
            "locationRef.locationId": "location_id", "locationID": "location_id",
            **_own("cost_centre district"),
        },
    ),
    Stream(
        name="buildings", path="2.0/buildings", key=("building_id",), required=("estate_id",),
        numbers=("gross_area", "net_area"), cursor="last_change_date", profile=SPOOL,
        columns={
            "buildingId": "building_id", "id": "building_id",
            "estateRef.estateId": "estate_id", "estateID": "estate_id",
            "name": "name", "alternativeName": "alternative_name", **ADDRESS,
            "owned": "owned", "grossArea": "gross_area", "netArea": "net_area",
            **_own("bda_area heated_area cleaning_area use tenure bbr_id"), **CHANGED,
            "label": "label", "region": "region", "userRegion": "user_regions",
            "lastBimChangeDate": "last_bim_change_date", "lastBIMChange": "last_bim_change_date",
            **_own("bfe_no cost_centre built_year condition workplaces"),
        },
    ),
    Stream(
        name="lots", path="2.1/lots", key=("lot_id",), cursor="last_change_date", profile=SPOOL,
        columns={
            "lotId": "lot_id", "id": "lot_id", "estateRef.estateId": "estate_id", "estateID": "estate_id",
            "name": "name", "alternativeName": "alternative_name", **ADDRESS, "userRegion": "user_regions",
            **_own("area use tenure"), **CHANGED,
        },
    ),
    Stream(
        name="floors", path="2.0/floors", key=("floor_id",), numbers=("gross_area", "net_area", "height"),
        cursor="last_change_date", profile=SPOOL,
        columns={
            "floorId": "floor_id", "id": "floor_id",
            "buildingRef.buildingId": "building_id", "buildingID": "building_id",
            "name": "name", "alternativeName": "alternative_name", "floorType": "floor_type", "height": "height",
            "grossArea": "gross_area", "netArea": "net_area", **CHANGED,
        },
    ),
    Stream(
        name="rooms", path="2.0/rooms", key=("room_id",), numbers=("gross_area", "net_area"),
        cursor="last_change_date", profile=SPOOL,
        columns={
            "roomId": "room_id", "id": "room_id", "floorRef.floorId": "floor_id", "floorID": "floor_id",
            "buildingRef.buildingId": "building_id", "buildingID": "building_id",
            "calculatedGrossArea": "gross_area", "grossArea": "gross_area", "netArea": "net_area",
            **_own("room_no room_type use tenure cleaning_area cleaning_profile cleaning_frequency cleaning_minutes"),
            **_own("floor_covering workplaces"), **CHANGED,
        },
    ),
    Stream(
        name="locations", path="2.0/locations", key=("location_id",), profile=SPOOL,
        columns={
            "locationId": "location_id", "id": "location_id", "name": "name", "parent": "parent_id",
            "parentRef.locationId": "parent_id", "isMunicipality": "is_municipality",
        },
    ),
)  # fmt: skip

ASSETS = (
    Stream(
        name="assets", path="2.0/assets", key=("asset_id",), cursor="last_change_date", profile=SPOOL,
        holds_personal_data=True,
        columns={
            "assetId": "asset_id", "id": "asset_id",
            "classification.data.classificationId": "classification_id", "classificationID": "classification_id",
            "classification.data.code": "classification_code", "classificationCode": "classification_code",
            "disciplines": "disciplines", "disciplin": "disciplines", **PLACED,
            "productRef.productId": "product_id", "parentComponentID": "parent_asset_id",
            "createdDate": "created_date", "installationDate": "installation_date",
            "warrantyStartDate": "warranty_start_date", "warrantyStart": "warranty_start_date",
            "warrantyEndDate": "warranty_end_date", "warrantyEnd": "warranty_end_date",
            **_own("condition consequence remaining_life renewal_year renewal_cost building_part quantity unit"),
            **CHANGED,
        },
    ),
    Stream(
        name="asset_classifications", path="2.0/assets/classifications", key=("classification_id",), profile=SPOOL,
        columns={
            "classificationId": "classification_id", "id": "classification_id",
            "classificationParentId": "parent_id", "parentID": "parent_id",
            "code": "code", "name": "name", "value": "name",
        },
    ),
    Stream(
        name="products", path="2.0/products", key=("product_id",), profile=SPOOL,
        columns={"productId": "product_id", "id": "product_id", "name": "name", **CHANGED},
    ),
    Stream(
        name="documents", path="2.0/documents", key=("document_id",), profile=SPOOL, holds_personal_data=True,
        columns={
            "documentId": "document_id", "id": "document_id", "version": "version", "size": "size",
            "buildingRefs.buildingId": "building_ids", **PLACED,
            "assetRefs.assetId": "asset_ids", "assetID": "asset_ids",
            "uploadTime": "upload_date", "uploadDate": "upload_date", **CHANGED,
        },
    ),
)  # fmt: skip

WORK = (
    Stream(
        name="workorders", path="2.2/workorders", key=("work_order_id",), numbers=("expected_cost",),
        cursor="last_change_date", profile=SPOOL, holds_personal_data=True,
        columns={
            "workOrderId": "work_order_id", "id": "work_order_id", "number": "number", "workOrderNumber": "number",
            "status": "status", "type": "type", "templateRef.templateId": "template_id", "templateID": "template_id",
            "teamRef.teamId": "team_id", "teamID": "team_id",
            "priorityRef.priorityId": "priority_id", "priorityID": "priority_id",
            "companyRef.companyId": "company_id", "companyID": "company_id", **PLACED,
            "placement.assetRefs.assetId": "asset_ids", "assetID": "asset_ids",
            "createdDate": "created_date", "startDate": "start_date",
            "expectedExecutionDate": "expected_execution_date", "deadlineDate": "deadline_date",
            "deadline": "deadline_date", "closedDate": "closed_date", "durationDays": "duration_days",
            "duration": "duration_days", "expectedCost": "expected_cost", "accountNumber": "account_no",
            "hoursRegistered": "hours_registered", "isEconomyClosed": "is_economy_closed",
            "isStatutory": "is_statutory", "hasWarranty": "has_warranty",
            **_own("cost_centre ean_no actual_cost work_category"), **CHANGED,
        },
    ),
    Stream(
        name="tickets", path="2.0/tickets", key=("ticket_id",), cursor="last_change_date", profile=SPOOL,
        holds_personal_data=True,
        columns={
            "ticketId": "ticket_id", "id": "ticket_id", "number": "number", "status": "status",
            "topic.topicId": "topic_id", "topicMasterID": "topic_id", "teamRef.teamId": "team_id", "teamID": "team_id",
            **PLACED, "createdDate": "created_date", "lastModified": "last_change_date", **CHANGED,
        },
    ),
    Stream(
        name="invoices", path="2.0/invoices", key=("invoice_id",), profile=SPOOL, holds_personal_data=True,
        columns={
            "invoiceId": "invoice_id", "id": "invoice_id", "number": "number", "status": "status",
            "workOrderRef.workOrderId": "work_order_id", "companyRef.companyId": "company_id",
            "amount": "amount", "invoiceDate": "invoice_date", "createdDate": "created_date", **CHANGED,
        },
    ),
    Stream(
        name="companies", path="2.0/companies", key=("company_id",), profile=SPOOL, holds_personal_data=True,
        columns={
            "companyId": "company_id", "id": "company_id", "organisationId": "organisation_no",
            "isActive": "is_active", "disciplines": "disciplines", "companyTypes": "company_types",
        },
    ),
    Stream(
        name="checklists", path="2.0/checklists", key=("checklist_id",), profile=SPOOL, holds_personal_data=True,
        columns={"checklistId": "checklist_id", "id": "checklist_id", **CHANGED},
    ),
)  # fmt: skip

LOOKUPS = (
    _lookup("workorder_statuses", "2.0/workorders/statuses", "statusId"),
    _lookup("workorder_priorities", "2.0/workorders/priorities", "priorityId"),
    _lookup("workorder_teams", "2.0/workorders/teams", "teamId"),
    _lookup("workorder_templates", "2.0/workorders/templates", "templateId"),
    _lookup("ticket_statuses", "2.0/tickets/statuses", "statusId"),
    _lookup("ticket_topics", "2.0/tickets/topics", "topicId"),
    _lookup("invoice_statuses", "2.0/invoices/statuses", "statusId"),
)

STREAMS = (*PLACES, *ASSETS, *WORK, *LOOKUPS)
# Those of the older API.
STREAMS_V1 = frozenset(stream.name for stream in PLACES) | {
    "assets", "asset_classifications", "documents", "workorders", "workorder_teams", "tickets", "companies",
}  # fmt: skip
