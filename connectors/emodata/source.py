"""Energy labels of the buildings of a municipality, from EMOData.

Owner: the Danish Energy Agency.
Documentation: https://emoweb.dk/EMOData/EMOData.svc/help
Licence: by agreement with the Danish Energy Agency, which also gives the account.

One call gets a whole municipality. A label stays when its time is over: that is how a building without a valid one is
known. Dates come in three forms and land as written. Companies and consultants that made a label are never let in.
"""

from connectors.base import RateLimit, Source, Stream, Way
from connectors.emodata.parse import fetch_labels

SOURCE = Source(
    name="emodata",
    family="energy",
    ways=(
        Way(
            "api",
            fetch_labels,
            base_url="https://emoweb.dk/EMOData/EMOData.svc",
            auth="basic",
            limits=(RateLimit(1, 0.25, at_once=1),),
        ),
    ),
    streams=(
        Stream(
            name="energy_labels",
            path="SearchEnergyLabelsMunicipality",
            key=("label_no", "building_no"),
            columns={
                "EnergyLabelSerialIdentifier": "label_no",
                "BuildingNumbers": "building_no",
                "BFENumber": "bfe_no",
                "MunicipalityNumber": "municipality_no",
                "PropertyNumber": "property_no",
                "EntityIdentifier": "entity_identifier",
                "EnergyLabelClassification": "classification",
                "EnergyLabelTypeUsage": "type_usage",
                "LabelStatusCode": "label_status_code",
                "BBRUseCode": "bbr_use_code",
                "HeatSupply": "heat_supply",
                "YearOfConstruction": "year_of_construction",
                "ValidFrom": "valid_from",
                "ValidTo": "valid_to",
                "StreetName": "street_name",
                "HouseNumber": "house_number",
                "ZipCode": "zip_code",
                "CityName": "city_name",
            },
            required=("bfe_no", "classification", "valid_to"),
            municipality_column="municipality_no",
            holds_personal_data=True,
            profile={"delimiter": ",", "decimal": ".", "thousands": "", "encoding": "utf-8"},
        ),
    ),
)
