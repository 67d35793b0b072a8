"""A small Dalux tenant in both versions and a small openMAINT installation. Every person in it is a canary."""

from __future__ import annotations

import copy
from typing import Any

from demo.simulators.dalux import Tenant
from demo.simulators.openmaint import Installation

NAME, MAIL, PERSON_NO = "Karla Kanarie", "kanarie@example.invalid", "0101901234"
CANARIES = (NAME, "Kanarie", MAIL, "example.invalid", PERSON_NO, "010190-1234")
WHO = {"lastChangedBy": f"{NAME} ({MAIL})", "createdBy": f"{NAME} ({MAIL})", "responsibleUserEmail": MAIL}
KEY = "dalux-key"
USER_FIELDS = {
    "property_no": "Ejendomsnr.", "bda_area": "Ny KL BDA areal | KL BDA areal", "use": "KL Anvendelsesområde",
    "rooms.use": "Rumanvendelse", "cleaning_frequency": "Frekvens", "cost_centre": "Omk.sted / PSP",
    "ean_no": "EAN/GLN", "condition": "Tilstand",
}  # fmt: skip
Record = dict[str, Any]


def own(**fields: str) -> Record:
    """User-defined fields as version 2 writes them."""
    return {"items": [{"name": name, "values": [{"text": text}]} for name, text in fields.items()]}


def changed(day: int) -> str:
    return f"2026-06-{day:02d}T12:00:00.123Z"


BUILDINGS = [
    {"buildingId": "903", "name": "00 Udeareal: Skolen", "estateRef": {"estateId": "1"}, "owned": False,
     "grossArea": 0.0, "netArea": 0.0, "lastChangeDate": changed(20), **WHO},
    {"buildingId": "901", "name": "1", "alternativeName": "Hovedbygning", "estateRef": {"estateId": "1"},
     "address": {"road": "Prøvevej", "number": "7 A", "zipCode": "9920", "city": "Prøvekøbing"}, "owned": True,
     "userRegion": ["Nord", "Skoler"], "grossArea": 1200.5, "netArea": 0.0, "lastChangeDate": changed(12), **WHO,
     "userDefinedFields": own(**{"KL BDA areal": "1100", "Ny KL BDA areal": "1150", "KL Anvendelsesområde": "Skole",
                                 "Kontaktperson": NAME})},
    {"buildingId": "902", "name": "2", "estateRef": {"estateId": "1"}, "owned": False, "grossArea": 300.0,
     "netArea": 250.0, "lastChangeDate": changed(11), "userDefinedFields": own(**{"KL BDA areal": "280"})},
]  # fmt: skip
WORK_ORDERS = [
    {"workOrderId": "13", "number": "1026", "name": f"Ring til {NAME}", "description": f"{PERSON_NO} {MAIL}",
     "status": 1, "templateRef": {"templateId": "5"}, "teamRef": {"teamId": "2"}, "priorityRef": {"priorityId": "1"},
     "type": "Afhjælpende", "placement": {"estateRefs": [{"estateId": "1"}],
     "buildingRefs": [{"buildingId": "901"}, {"buildingId": "902"}]}, "startDate": "2026-06-14T12:00:00Z",
     "deadlineDate": "2026-06-30T12:00:00Z", "durationDays": 17, "createdDate": changed(13),
     "lastChangeDate": changed(14), "expectedCost": 12500.75, "companyRef": {"companyId": "7"}, "isStatutory": True,
     "hasWarranty": False, "isEconomyClosed": False, "hoursRegistered": 2.5, **WHO,
     "userDefinedFields": own(**{"Omk.sted / PSP": "4711", "EAN/GLN": "5798000000000"})},
    {"workOrderId": "3", "number": "1013", "status": 2, "teamRef": {"teamId": "1"}, "priorityRef": {"priorityId": "2"},
     "type": "Planlagt", "placement": {}, "createdDate": changed(1), "closedDate": changed(3),
     "lastChangeDate": changed(3), "expectedCost": 0.0, "companyRef": {"companyId": "0"}, "isStatutory": False,
     "isEconomyClosed": True, "hoursRegistered": 0.0},
]  # fmt: skip
LISTS: dict[str, list[Record]] = {
    "estates": [
        {"estateId": "1", "name": "Prøveskolen", "locationRef": {"locationId": "1"}, "lastChangeDate": changed(12),
         "userDefinedFields": own(**{"Ejendomsnr.": "4001"}), **WHO},
    ],
    "buildings": BUILDINGS,
    "lots": [{"lotId": "31", "estateRef": {"estateId": "1"}, "name": "Boldbane", "lastChangeDate": changed(2)}],
    "floors": [{"floorId": "51", "buildingRef": {"buildingId": "901"}, "name": "St.", "grossArea": 600.0,
                "netArea": 0.0, "height": 2.6, "lastChangeDate": changed(2)}],
    "rooms": [
        {"roomId": "134", "floorRef": {"floorId": "51"}, "calculatedGrossArea": 31.2, "netArea": 0.0,
         "lastChangeDate": changed(2), "userDefinedFields": own(Rumanvendelse="Klasselokale", Frekvens="512")},
        {"roomId": "135", "floorRef": {"floorId": "51"}, "netArea": 12.25, "lastChangeDate": changed(1)},
    ],
    "locations": [{"locationId": "1", "name": "Prøvekøbing", "isMunicipality": True}],
    "assets": [
        {"assetId": "4", "name": f"Tag, ring til {NAME}", "disciplines": ["Tømrer", "Murer"],
         "classification": {"data": {"classificationId": "7", "classificationParentId": "", "code": "D"}},
         "placement": {"coordinates": [{"lat": 6.0, "lng": 7.0}],
                       "buildingRefs": [{"buildingId": "901"}, {"buildingId": "902"}]},
         "lastChangeDate": changed(9), "createdDate": changed(8), "installationDate": "1998-08-01T00:00:00Z", **WHO,
         "qrCodes": [f"https://example.invalid/?an={NAME}"], "userDefinedFields": own(Tilstand="TG2")},
    ],
    "asset_classifications": [{"classificationId": "7", "classificationParentId": "", "name": "Tag", "code": "D"}],
    "products": [{"productId": "1", "name": "Tagsten"}],
    "documents": [{"documentId": "1", "fileName": f"{NAME}.pdf", "uploadedBy": NAME, "size": "1234", "version": 2,
                   "buildingRefs": [{"buildingId": "901"}]}],
    "workorders": WORK_ORDERS,
    "tickets": [
        {"ticketId": "2", "number": "1016", "reporterEmail": MAIL, "description": f"{NAME} mangler lys",
         "placement": {"buildingRefs": [{"buildingId": "901"}]}, "topic": {"topicId": "6"}, "status": 2,
         "teamRef": {"teamId": "2"}, "lastChangeDate": changed(13), "createdDate": changed(13)},
    ],
    "invoices": [{"invoiceId": "1", "number": "F1", "status": 1, "workOrderRef": {"workOrderId": "13"},
                  "amount": 900.5, "invoiceDate": "2026-06-20T00:00:00Z", "reference": NAME}],
    "companies": [
        {"companyId": "7", "name": f"Tømrer {NAME}", "organisationID": "DK 12 34 56 78", "isActive": True,
         "email": MAIL, "companyTypes": ["Håndværker"]},
        {"companyId": "8", "name": NAME, "organisationID": "010190-1234", "isActive": False},
    ],
    "checklists": [{"checklistId": "1", "name": f"Tjek {NAME}", "lastChangeDate": changed(1)}],
    "workorder_statuses": [{"id": 1, "name": "Ny"}, {"id": 2, "name": "Lukket"}],
    "workorder_priorities": [{"priorityId": "1", "name": "Akut"}, {"priorityId": "2", "name": "Normal"}],
    "workorder_teams": [{"teamId": "1", "name": "Drift", "group": "Teknik"}, {"teamId": "2", "name": "El"}],
    "workorder_templates": [{"templateId": "5", "name": "Standard"}],
    "ticket_statuses": [{"id": 2, "name": "Behandles"}],
    "ticket_topics": [{"topicId": "6", "name": "Belysning"}],
    "invoice_statuses": [{"id": 1, "name": "Modtaget"}],
}  # fmt: skip
OWN_V1 = [{"name": "Ejendomsnr.", "value": "4001"}, {"name": "KL BDA areal", "value": 1100}]
LISTS_V1: dict[str, list[Record]] = {
    "estates": [{"id": 1, "name": "Prøveskolen", "locationID": 1, "lastChange": changed(12),
                 "userDefinedFields": OWN_V1}],
    "buildings": [
        {"id": 901, "name": "1", "estateID": 1, "estateName": "Prøveskolen", "road": "Prøvevej", "number": "7 A",
         "zipCode": "9920", "city": "Prøvekøbing", "owned": True, "grossArea": 1200.5, "netArea": 0.0,
         "lastChange": changed(12), "userDefinedFields": OWN_V1},
    ],
    "floors": [{"id": 51, "buildingID": 901, "grossarea": 600.0, "netarea": 0.0, "lastChange": changed(2)}],
    "rooms": [{"id": 134, "floorID": 51, "calculatedgrossarea": 31.2, "netarea": 0.0, "lastChange": changed(2)}],
    "assets": [{"id": 4, "name": NAME, "classificationID": 7, "classificationCode": "D", "buildingID": 901,
                "roomID": 134, "lastChangeBy": NAME, "warrantyEnd": "2030-01-01T00:00:00"}],
    "workorders": [
        {"ID": 13, "workOrderNumber": 1026, "name": NAME, "status": 1, "teamID": 2, "responsible": MAIL,
         "buildingID": 901, "buildingIDs": [901, 902], "expectedCost": 12500, "accountNumber": "4711",
         "accountName": NAME, "companyID": 0, "duration": 17, "createdDate": changed(13), "lastChange": changed(14)},
    ],
    "tickets": [{"ID": 2, "number": "1016", "userEmail": MAIL, "userName": NAME, "buildingMasterId": 901, "status": 2,
                 "topicMasterID": 6, "teamID": 2, "lastModified": changed(13), "createdDate": changed(13)}],
    "asset_classifications": [{"id": 7, "code": "D", "value": "Tag", "parentID": None}],
    "workorder_teams": [{"id": 2, "name": "El", "group": "Teknik"}],
}  # fmt: skip


def tenant() -> Tenant:
    """A tenant of its own, which a test may change."""
    return Tenant(KEY, copy.deepcopy(LISTS), copy.deepcopy(LISTS_V1))


SITE = {"Description": "Prøveskolen", "Condition": 31, "_Condition_code": "good", "_Condition_description": "God",
        "Address": "Prøvevej 7", "ZIP": "9920", "City": "Prøvekøbing", "TotalGrossArea": None, "TotalNetArea": None,
        "CleanableArea": None, "MainUse": 44, "_MainUse_code": "school", "_MainUse_description": "Skole"}  # fmt: skip


def card(number: int, **attributes: Any) -> Record:
    return {"_id": number, "_type": "Card", "_user": "kkanarie", "_beginDate": "2026-05-01T08:00:00Z",
            "Code": f"C{number}", "Notes": f"{NAME} {MAIL}", **attributes}  # fmt: skip


def installation() -> Installation:
    """An openMAINT of its own, which a test may change."""
    classes = {
        "Complex": [card(1, **SITE, Ejendomsnr="4001")],
        "Building": [card(10, **SITE, Complex=1, TotFloors=2, TotRooms=3)],
        "Floor": [card(20, **SITE, Building=10)],
        "Room": [
            card(30 + n, **{**SITE, "TotalGrossArea": 20.5, "CleanableArea": 18.0 + n}, Floor=20, RoomUse=5,
                 _RoomUse_code="class", _RoomUse_description="Klasselokale")
            for n in range(3)
        ],
        "Meter": [card(40, Building=10, Type=1, _Type_code="el", _Type_description="El")],
        "MeterReading": [card(50 + n, Meter=40, Date=f"2026-0{n + 1}-01T00:00:00Z", Value=100.5 + n) for n in range(2)],
        "BudgetItem": [card(60, Building=10, Type=3, _Type_code="Cleaning", _Type_description="Rengøring", Year=2026,
                            Amount=12000)],
        "Contract": [card(70, Building=10, Type=1, _Type_code="lease", BeginDate="2020-01-01", EndDate="9999-12-31",
                          Amount=60000, Lessor=NAME)],
    }  # fmt: skip
    requests = [card(80, Building=10, Priority=1, _Priority_code="high", OpeningDate="2026-06-01T08:00:00Z",
                     Requester=NAME, Description=f"{NAME}: vandet løber")]  # fmt: skip
    return Installation("reader", "openmaint-key", classes, {"MaintRequest": requests})
