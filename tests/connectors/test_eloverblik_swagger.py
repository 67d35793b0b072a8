"""Every call to eloverblik, and every field that is read of its answers, held against the official swagger."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from connectors.eloverblik.documents import Answer
from connectors.eloverblik.points import COLUMNS, COUNTED
from demo.simulators.eloverblik import CUSTOMER, THIRD_PARTY, Eloverblik, Limits
from demo.simulators.eloverblik_series import Meter
from demo.simulators.service import Asked
from tests.connectors.eloverblik_world import METERS, TODAY, run, serving
from warehouse.settings import Settings

pytestmark = pytest.mark.skipif(
    "EJENDOMSTAL_SAMPLE_DATA" not in os.environ, reason="EJENDOMSTAL_SAMPLE_DATA does not name the sample files"
)
WAYS = [
    ("customerapi", CUSTOMER, {}),
    ("thirdpartyapi", THIRD_PARTY, {"way": "third_party_api", "customer_cvr": "99999999"}),
]
# hasRelation is in the customer's list only.
CUSTOMER_ONLY = {"hasRelation"}


def swagger(name: str) -> dict[str, Any]:
    path = Path(os.environ["EJENDOMSTAL_SAMPLE_DATA"]) / "eloverblik" / f"swagger-eloverblik-{name}.json"
    return json.loads(path.read_text(encoding="utf-8-sig"))


def find_operation(document: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """The operation of a request, by path template and method."""
    for template, operations in document["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, asked.path) and asked.method.lower() in operations:
            return operations[asked.method.lower()]
    raise AssertionError(f"{asked.method} {asked.path} is not in the swagger")


def check(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> None:
    jsonschema.validate(value, {**_nullable(schema), "components": _nullable(document["components"])})


def _nullable(schema: Any) -> Any:
    """OpenAPI 3.0 says nullable where JSON Schema lists null among the types."""
    if isinstance(schema, list):
        return [_nullable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _nullable(value) for name, value in schema.items()}
    if plain.get("nullable") is True and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    return plain


@pytest.mark.parametrize(("name", "base", "section"), WAYS, ids=["customer", "third_party"])
def test_every_call_and_every_answer_of_the_simulator_is_as_the_swagger_has_it(
    clean_warehouse: Settings,
    config_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    base: str,
    section: dict[str, str],
) -> None:
    document = swagger(name)
    meters = (*METERS, Meter("571313100000009876", error="30007"))
    service = Eloverblik("refresh-key", meters, TODAY, limits=Limits(token_calls=9))
    with serving(service, monkeypatch, base) as noted:
        run(config_folder, first_year=2026, **section)
        operations = [(asked, find_operation(document, asked)) for asked in noted.asked]
        token = {"authorization": "Bearer data-access-1"}
        token_call, *calls = noted.asked
        answers = [*(noted.inner(replace(asked, headers=token)) for asked in calls), noted.inner(token_call)]
        operations = [*operations[1:], operations[0]]
    assert len(operations) == 4  # token, list, details, one span of readings
    for (asked, operation), answer in zip(operations, answers, strict=True):
        parameters = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
        assert set(asked.query) <= parameters
        if asked.method == "POST":
            check(json.loads(asked.body), operation["requestBody"]["content"]["application/json"]["schema"], document)
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        check(json.loads(answer.body), schema, document)


@pytest.mark.parametrize(("name", "base", "section"), WAYS, ids=["customer", "third_party"])
def test_every_field_that_lands_of_a_metering_point_is_in_the_swagger(name: str, base: str, section: object) -> None:
    schemas = swagger(name)["components"]["schemas"]
    details = schemas["MeteringPointDetailsCustomerDto" if name == "customerapi" else "MeteringPointDetailsDto"]
    assert set(COLUMNS) - {COUNTED} - CUSTOMER_ONLY <= set(details["properties"])
    if name == "customerapi":
        assert set(schemas["MeteringPointApiDto"]["properties"]) >= CUSTOMER_ONLY


@pytest.mark.parametrize("name", ["customerapi", "thirdpartyapi"])
def test_every_field_that_is_read_of_time_series_is_in_the_swagger(name: str) -> None:
    schemas = swagger(name)["components"]["schemas"]
    pairs = [(Answer, "MyEnergyDataMarketDocumentResponseListApiResponse")]
    seen = 0
    while pairs:
        struct, schema = pairs.pop()
        properties = schemas[schema]["properties"]
        for field in msgspec.structs.fields(struct):
            assert field.encode_name in properties, (schema, field.encode_name)
            seen += 1
            inner = _struct_in(field.type)
            if inner is not None:
                pairs.append((inner, _schema_in(properties[field.encode_name])))
    assert seen == 20


def _struct_in(kind: Any) -> type[msgspec.Struct] | None:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind
    return next((found for one in getattr(kind, "__args__", ()) if (found := _struct_in(one))), None)


def _schema_in(schema: dict[str, Any]) -> str:
    named = schema.get("$ref") or schema.get("items", {}).get("$ref") or schema["allOf"][0]["$ref"]
    return str(named).rsplit("/", 1)[1]
