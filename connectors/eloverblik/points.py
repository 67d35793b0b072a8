"""Metering points: the list, then details ten at a time. Children are listed beside their parents."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.base import Item, Request
from connectors.eloverblik.services import NO_ERROR, LeftOut, Service, ask_in_batches, body
from connectors.errors import ConfigError, Place, UnexpectedContentError
from connectors.http import Client
from connectors.profiled import FoundFile, plain_delivery, profile_digest, stream_profile

# Of the installation, never of a person: no names, contacts, floor, door or free text.
COLUMNS = {
    "meteringPointId": "metering_point_id",
    "parentMeteringPointId": "parent_metering_point_id",
    "typeOfMP": "type_of_mp",
    "subTypeOfMP": "sub_type_of_mp",
    "settlementMethod": "settlement_method",
    "physicalStatusOfMP": "physical_status_of_mp",
    "netSettlementGroup": "net_settlement_group",
    "energyTimeSeriesMeasureUnit": "energy_time_series_measure_unit",
    "estimatedAnnualVolume": "estimated_annual_volume",
    "meterNumber": "meter_number",
    "meterReadingOccurrence": "meter_reading_occurrence",
    "consumerCVR": "consumer_cvr",
    "consumerStartDate": "consumer_start_date",
    "streetCode": "street_code",
    "streetName": "street_name",
    "buildingNumber": "building_number",
    "postcode": "postcode",
    "cityName": "city_name",
    "municipalityCode": "mp_municipality_code",
    "darReference": "dar_reference",
    "hasRelation": "has_relation",
    "childCount": "child_count",
}
COUNTED = "childCount"  # not a field of theirs: how many children they list


@dataclass(frozen=True)
class _Details:
    metering_point_id: str
    code: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Points:
    """Fields by metering point; those that may be asked for readings; what was left out, as warnings."""

    fields: Mapping[str, Mapping[str, Any]]
    readable: tuple[str, ...]
    left_out: LeftOut


def fetch_points(request: Request, service: Service) -> Iterator[Item]:
    """Master data of every metering point that the key shows."""
    with request.open_client() as client:
        points = load_points(request, client, service)
    path = request.scratch / f"{request.stream.name}.csv"
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(request.stream.raw_columns)
        writer.writerows([_text(fields.get(name)) for name in COLUMNS] for fields in points.fields.values())
    columns = {column: column for column in request.stream.raw_columns}
    profile = stream_profile(request, path.name, columns=columns)
    delivery = plain_delivery(
        request, profile, FoundFile(path, (0, path.name), None), profile_digest(request, profile), None
    )
    unlinked = len(points.fields) - len(points.readable)
    warnings = points.left_out.warnings(request.place())
    if unlinked:
        warnings += (f"{request.place()}: {unlinked} metering points of the municipality are not linked to its key; "
                     "link them in the portal.",)  # fmt: skip
    yield replace(delivery, warnings=warnings)


def load_points(request: Request, client: Client, service: Service) -> Points:
    """What both streams of a pull need: asked for once."""
    return request.once("metering points", lambda: _load(request, client, service))


def list_of_customer(client: Client, request: Request) -> list[Mapping[str, object]]:
    """Also metering points of the municipality's CVR that are not linked to the key."""
    return _results(client.get_json("meteringpoints/meteringpoints", {"includeAll": "true"}), request.place())


def list_of_third_party(client: Client, request: Request) -> list[Mapping[str, object]]:
    """Ids only, by the customer's CVR: the full list of a large customer runs into timeouts."""
    cvr = request.section.customer_cvr
    if cvr is None:
        raise ConfigError(request.place(), "third_party_api needs customer_cvr", "set it to the municipality's CVR")
    answer = client.get_json(f"authorization/authorization/meteringpointids/customerCVR/{cvr}")
    ids = answer.get("result") if isinstance(answer, dict) else None
    return [{"meteringPointId": one} for one in _list(ids, request.place())]


def _load(request: Request, client: Client, service: Service) -> Points:
    place, left_out = request.place(), LeftOut()
    found: dict[str, dict[str, Any]] = {}
    for listed in service.list_points(client, request):
        _add(found, listed, str(listed.get("parentMeteringPointId") or ""))
    unlinked = {one for one, fields in found.items() if fields.get("hasRelation") is False}

    def ask(ids: Sequence[str]) -> list[_Details]:
        answers = _results(client.post_json(service.details_path, body(ids)), place)
        return [_details(answer, ids[index] if index < len(ids) else "") for index, answer in enumerate(answers)]

    wanted = [one for one in found if one not in unlinked]
    for _, answers in ask_in_batches(wanted, ask, left_out, place):
        for answer in answers:
            _add(found, answer.fields, str(answer.fields.get("parentMeteringPointId") or ""))
    return Points(found, tuple(one for one in found if one not in unlinked), left_out)


def _add(found: dict[str, dict[str, Any]], record: Mapping[str, Any], parent: str) -> None:
    """Note a metering point and its children; later knowledge fills in what earlier had not."""
    one = str(record.get("meteringPointId") or "")
    children = [child for child in record.get("childMeteringPoints") or [] if isinstance(child, dict)]
    if one:
        fields = found.setdefault(one, {"meteringPointId": one, "parentMeteringPointId": parent})
        fields |= {name: record[name] for name in COLUMNS if record.get(name) not in (None, "")}
        if children:
            fields[COUNTED] = str(len(children))
    for child in children:
        _add(found, {"hasRelation": record.get("hasRelation"), **child}, one)


def _details(answer: Mapping[str, Any], asked: str) -> _Details:
    fields = answer.get("result") if isinstance(answer.get("result"), dict) else None
    code = str(answer.get("errorCode") or NO_ERROR)
    one = str((fields or {}).get("meteringPointId") or answer.get("id") or asked)
    return _Details(one, code if fields or code != NO_ERROR else "none", fields or {})


def _results(answer: Any, place: Place) -> list[Mapping[str, Any]]:
    return [one for one in _list(answer.get("result") if isinstance(answer, dict) else None, place) if one]


def _list(value: Any, place: Place) -> list[Any]:
    if not isinstance(value, list):
        raise UnexpectedContentError(place, "the answer has no list result", "check the address of the connection")
    return value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value or "")
