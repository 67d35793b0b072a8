"""openMAINT, the open facility management system on CMDBuild: sites, rooms, requests, meters and budgets.

Owner: the municipality; openMAINT is made by Tecnoteca srl under the AGPL.
Documentation: https://www.openmaint.org/en/documentation/manuals
Licence: the municipality's own data. Names of persons and free texts are never let in.

Every installation has its own host: the connection's host is `https://<host>/openmaint/services/rest/v3`, its login and
password are those of a user who may read. The classes can be changed by whoever runs it: attributes that a class does
not have are reported, and `user_fields` of `sources.yml` says what an attribute is called (`rooms.use: RoomUse`).
Cards have no "changed since" that is promised, so each pull is full; what is absent has been removed.
"""

from connectors.base import RateLimit, Source, Stream, Way
from connectors.fm_openmaint.parse import fetch_cards, log_in
from connectors.records import OWN
from connectors.spooled import SPOOL

CARD = {"Code": "code", "_beginDate": "begin_date"}
SITE = {
    "Description": "name", "_Condition_code": "condition_code", "_Criticality_code": "criticality_code",
    "_State_code": "state_code", "Address": "address", "ZIP": "zip_code", "City": "city",
    "TotalGrossArea": "gross_area", "TotalNetArea": "net_area", "CoveredArea": "covered_area",
    "GlazedArea": "glazed_area", "CleanableArea": "cleaning_area", "TotalVolume": "volume",
    "TotalHeatedVolume": "heated_volume", "_MainUse_code": "main_use_code", "_MainUse_description": "main_use",
}  # fmt: skip
AREAS = ("gross_area", "net_area", "cleaning_area")


def _own(names: str) -> dict[str, str]:
    return {OWN + name: name for name in names.split()}


STREAMS = (
    Stream(
        name="complexes", path="classes/Complex/cards", key=("complex_id",), numbers=AREAS, profile=SPOOL,
        columns={"_id": "complex_id", **CARD, **SITE, **_own("property_no bfe_no tenure use cost_centre")},
    ),
    Stream(
        name="buildings", path="classes/Building/cards", key=("building_id",), numbers=AREAS, profile=SPOOL,
        columns={
            "_id": "building_id", "Complex": "complex_id", **CARD, **SITE, "TotFloors": "floors", "TotRooms": "rooms",
            **_own("property_no building_no bbr_id bfe_no tenure use bda_area heated_area built_year cost_centre"),
        },
    ),
    Stream(
        name="floors", path="classes/Floor/cards", key=("floor_id",), numbers=AREAS, profile=SPOOL,
        columns={"_id": "floor_id", "Building": "building_id", **CARD, **SITE},
    ),
    Stream(
        name="rooms", path="classes/Room/cards", key=("room_id",), numbers=AREAS, profile=SPOOL,
        columns={
            "_id": "room_id", "Floor": "floor_id", "Building": "building_id", **CARD, **SITE,
            **_own("room_type use tenure cleaning_profile cleaning_frequency cleaning_minutes"),
            **_own("floor_covering workplaces"),
        },
    ),
    Stream(
        name="maintenance_requests", path="processes/MaintRequest/instances", key=("request_id",), profile=SPOOL,
        holds_personal_data=True,
        columns={
            "_id": "request_id", **CARD, "Building": "building_id", "Room": "room_id",
            "_Priority_code": "priority_code", "_Category_code": "category_code", "_ProcessStatus_code": "status_code",
            "OpeningDate": "opened_at", "ClosingDate": "closed_at", **_own("cost cost_centre"),
        },
    ),
    Stream(
        name="meters", path="classes/Meter/cards", key=("meter_id",), profile=SPOOL,
        columns={
            "_id": "meter_id", **CARD, "Building": "building_id", "_Type_code": "type_code",
            "_Type_description": "type_name", "_Unit_code": "unit", **_own("meter_no carrier factor"),
        },
    ),
    Stream(
        name="meter_readings", path="classes/MeterReading/cards", key=("reading_id",), numbers=("value",),
        profile=SPOOL,
        columns={"_id": "reading_id", **CARD, "Meter": "meter_id", "Date": "read_at", "Value": "value"},
    ),
    Stream(
        name="budget_items", path="classes/BudgetItem/cards", key=("budget_item_id",), profile=SPOOL,
        columns={
            "_id": "budget_item_id", **CARD, "Building": "building_id", "_Type_code": "type_code",
            "_Type_description": "type_name", "Year": "year", "Amount": "amount", **_own("account cost_centre"),
        },
    ),
    Stream(
        name="contracts", path="classes/Contract/cards", key=("contract_id",), profile=SPOOL, holds_personal_data=True,
        columns={
            "_id": "contract_id", **CARD, "Building": "building_id", "_Type_code": "type_code",
            "BeginDate": "valid_from", "EndDate": "valid_to", "Amount": "amount", **_own("yearly_rent area"),
        },
    ),
)  # fmt: skip

SOURCE = Source(
    name="fm_openmaint",
    family="fm",
    ways=(
        Way(
            "rest_v3",
            fetch_cards,
            auth="token",
            auth_name="CMDBuild-Authorization",
            login=log_in,
            limits=(RateLimit(calls=20, seconds=1, at_once=2),),
            note="every installation has its own host; attributes beyond the standard model are named in user_fields",
        ),
    ),
    options=frozenset({"user_fields"}),
    streams=STREAMS,
)
