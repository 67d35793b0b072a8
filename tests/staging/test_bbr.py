"""Staging of BBR: whatever the way and the spelling, one row; deltas and versions; strange values."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connectors.base import registered
from connectors.datafordeler_graphql import node_fields
from demo.simulators import bbr_graphql, bbr_rest
from demo.simulators.service import Service
from tests.connectors.datafordeleren import KEY, Downloads, connect_to, named, packed, run
from tests.connectors.drops import configure, drop
from tests.connectors.scripted import serve
from tests.staging.staged import stage
from warehouse.settings import Settings

HOUSE = "1c1f3b2a-0000-4000-8000-00000000000a"
GROUND = "8bd15ce3-07be-4ec1-bd7a-c68b5917ca10"
# What the register says of the building, as each way writes it. 1753-01-01 is BBR's "since always".
PLAIN = {
    "id_lokalId": HOUSE, "kommunekode": "0157", "status": "6", "byg007Bygningsnummer": 1,
    "byg021BygningensAnvendelse": "421", "byg026Opførelsesår": 1000, "byg038SamletBygningsareal": 750,
    "byg041BebyggetAreal": 0, "byg404Koordinat": "POINT(574051.77 6225655.2)", "grund": GROUND,
    "jordstykke": "1372860", "registreringFra": "2017-09-24T09:13:32.432586+02:00",
    "virkningFra": "1753-01-01T00:00:00Z",
}  # fmt: skip
CSV = (
    "\ufeffid_lokalId,kommunekode,status,byg007Bygningsnummer,byg021BygningensAnvendelse,byg026Opførelsesår,"
    "byg038SamletBygningsareal,byg041BebyggetAreal,byg404Koordinat,byg057Opvarmningsmiddel,grund,jordstykke,"
    "registreringFra,registreringTil,virkningFra,virkningTil\n"
    f"{HOUSE.upper()},157,6,1,421,1000,750,0,POINT (574051.77 6225655.2),,{GROUND.upper()},1372860,"
    "2017-09-24T07:13:32.432586Z,,1753-01-01T00:00:00.000000Z,\n"
)
EXPECTED = {
    "municipality_code": "0157", "bbr_id": HOUSE, "ground_id": GROUND, "parcel_id": "1372860", "status_code": "6",
    "building_no": "1", "bbr_use_code": "421", "built_year": 1000, "building_area_m2": Decimal(750),
    "footprint_m2": Decimal(0), "heating_fuel_code": None, "easting_m": Decimal("574051.77"),
    "northing_m": Decimal("6225655.2"), "registered_from": datetime(2017, 9, 24, 7, 13, 32, 432586, tzinfo=UTC),
    "in_effect_from": datetime(1753, 1, 1, tzinfo=UTC),
}  # fmt: skip
ENTITY = {stream.path: stream for stream in registered()["bbr"].streams}


def graphql_record(**values: Any) -> dict[str, Any]:
    letters = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
    empty = {name.partition("{")[0]: None for name in node_fields(ENTITY["Bygning"])}
    plain = {name.translate(letters): value for name, value in PLAIN.items()}
    point = {"wkt": "POINT (574051.77 6225655.2)"}
    return {**empty, **plain, "byg404Koordinat": point, "registreringFra": "2017-09-24T07:13:32.432586Z", **values}


def by_download(form: str, content: bytes, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section = {"connection": "bbr", "entities": ["bygning"], "file_format": form}
    configure(config, "0157", bbr=section)
    with serve(Downloads({named("Bygning", 688, code="0157", form=form): content}).respond) as server:
        connect_to(monkeypatch, server.url)
        assert [result.reason for result in run("0157")] == [None]


def by_service(way: str, answer: Any, base: str, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(config, "0157", bbr={"connection": "bbr", "way": way, "entities": ["bygning"]})
    with Service(answer) as service:
        connect_to(monkeypatch, service.address + base, login="user")
        assert [result.row_count for result in run("0157")] == [1]


def by_folder(name: str, content: bytes, config: Path) -> None:
    folder = configure(config, "0157", bbr={"folder": "drop", "files": {"bygning": "*.*"}}) / "drop"
    drop(folder, name, content)
    assert [result.reason for result in run("0157")] == [None]


def deliver(way: str, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = json.dumps([PLAIN], ensure_ascii=False)
    nested = {**PLAIN, "etageList": [{"id_lokalId": "e", "etage": {"status": "6"}}], "opgangList": []}
    if way == "csv":
        by_download("csv", packed(CSV), config, monkeypatch)
    elif way == "json":
        by_download("json", packed(records, "extract.json"), config, monkeypatch)
    elif way == "graphql":
        api = bbr_graphql.GraphQL({"BBR_Bygning": [graphql_record()]}, KEY)
        by_service("graphql", api, bbr_graphql.BASE, config, monkeypatch)
    elif way == "rest":
        api_ = bbr_rest.BbrPublic({"bygning": [nested]}, "user", KEY)
        by_service("rest", api_, bbr_rest.BASE, config, monkeypatch)
    else:
        extract = json.dumps({"BBRSagList": [{"id_lokalId": "s"}], "BygningList": [PLAIN], "EtageList": []})
        by_folder("BBR_udtraek_1_20261001.zip", packed(extract, "BBR_udtraek.json"), config)


@pytest.mark.parametrize("way", ["csv", "json", "graphql", "rest", "file_extract"])
def test_the_same_building_by_each_way_and_spelling_gives_the_same_staging_row(
    clean_warehouse: Settings, config_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    deliver(way, config_folder, monkeypatch)
    (row,) = stage(clean_warehouse, tmp_path, "bbr")["stg_bbr__bygninger"]
    assert {name: row[name] for name in EXPECTED} == EXPECTED


def test_versions_deltas_missing_points_and_strange_values(
    clean_warehouse: Settings, config_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heading = (
        "id_lokalId,kommunekode,status,byg026Opførelsesår,byg038SamletBygningsareal,byg404Koordinat,registreringFra,"
        "registreringTil,virkningFra,virkningTil,datafordelerRowId,datafordelerRowVersion\n"
    )
    old, new = "2018-01-01T00:00:00Z", "2020-01-01T00:00:00Z"
    total = heading + (
        # A: an ended version and the current one; B: closed by the delta; C: no open version at all
        f"A,157,6,1962,100,GEOMETRYCOLLECTION EMPTY,{old},{new},{old},,R1,2\n"
        f"A,157,6,1962,-34,POINT(0 0),{new},,{old},,R2,1\n"
        f"B,157,6,1962,200,,{old},,{old},,R3,1\n"
        f"C,157,10,1962,300,,{old},{new},{old},,R4,1\n"
        f"D,157,6,0,400,POINT (x y),2021-02-30T00:00:00Z,,{old},,R5,7\n"
    )
    delta = heading + (
        f"B,157,6,1962,200,,{old},{new},{old},,R3,2\n"
        f"B,157,9,1962,210,,{new},,{old},,R6,1\n"
        f"D,157,6,0,999,,{old},,{old},,R5,6\n"
    )
    files = {named("Bygning", 688, code="0157", data="Temporal"): packed(total),
             named("Bygning", 689, code="0157", data="Temporal", kind="Delta"): packed(delta)}  # fmt: skip
    section = {"connection": "bbr", "entities": ["bygning"], "type_of_data": "Temporal", "deltas": True}
    configure(config_folder, "0157", bbr=section)
    with serve(Downloads(files).respond) as server:
        connect_to(monkeypatch, server.url)
        assert [result.row_count for result in run("0157")] == [5, 3]
    rows = {row["bbr_id"]: row for row in stage(clean_warehouse, tmp_path, "bbr")["stg_bbr__bygninger"]}
    found = {name: (row["building_area_m2"], row["status_code"], row["register_row_version"])
             for name, row in rows.items()}  # fmt: skip
    # A negative area and a status other than 6 are for the models to judge: staging only types.
    assert found == {"a": (-34, "6", 1), "b": (210, "9", 1), "d": (400, "6", 7)}
    assert {(row["easting_m"], row["northing_m"]) for row in rows.values()} == {(None, None)}
    assert (rows["d"]["built_year"], rows["d"]["registered_from"]) == (0, None)
