"""Estates and buildings of Dalux FM, by its REST API version 2.

Owner: the municipality; Dalux FM is a product of Dalux ApS.
Documentation: https://app.swaggerhub.com/apis/Dalux/DaluxFM-API
Licence: the municipality's own data. Names and mail addresses of persons are never let in.

There is no "changed since": each pull is full, newest first. Areas that were never set come as 0.0 and land so.
Fields of the municipality's own making are named in `user_fields` of `sources.yml`.
"""

from connectors.base import Source, Stream, Way
from connectors.fm_dalux.parse import fetch_records

# How parse.py writes the records it has got.
SPOOL = {"delimiter": ",", "decimal": ".", "thousands": "", "encoding": "utf-8"}

SOURCE = Source(
    name="fm_dalux",
    family="fm",
    ways=(
        Way(
            "rest_v2",
            fetch_records,
            base_url="https://fm-api.dalux.com/api",
            auth="header",
            auth_name="X-API-KEY",
        ),
    ),
    options=frozenset({"user_fields"}),
    streams=(
        Stream(
            name="estates",
            path="2.0/estates",
            key=("estate_id",),
            columns={
                "estateId": "estate_id",
                "name": "name",
                "user_fields.property_no": "property_no",
                "user_fields.bfe_no": "bfe_no",
                "user_fields.use": "use",
                "user_fields.tenure": "tenure",
                "lastChangeDate": "last_change_date",
            },
            cursor="last_change_date",
            profile=SPOOL,
        ),
        Stream(
            name="buildings",
            path="2.0/buildings",
            key=("building_id",),
            columns={
                "buildingId": "building_id",
                "estateRef.estateId": "estate_id",
                "name": "name",
                "alternativeName": "alternative_name",
                "road": "road",
                "number": "number",
                "zipCode": "zip_code",
                "city": "city",
                "owned": "owned",
                "grossArea": "gross_area",
                "netArea": "net_area",
                "user_fields.bda_area": "bda_area",
                "user_fields.heated_area": "heated_area",
                "user_fields.cleaning_area": "cleaning_area",
                "user_fields.use": "use",
                "user_fields.tenure": "tenure",
                "user_fields.bbr_id": "bbr_id",
                "lastChangeDate": "last_change_date",
            },
            required=("estate_id",),
            numbers=("gross_area", "net_area"),
            cursor="last_change_date",
            profile=SPOOL,
        ),
    ),
)
