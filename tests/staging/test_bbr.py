"""Staging of BBR, DAR and MAT: whatever the way and the spelling, one row; deltas and versions; strange values."""

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
from tests.staging.staged import Rows, stage
from warehouse.settings import Settings

# One municipality for each way, so that all are staged at once.
WAYS = {"csv": "0157", "json": "0159", "graphql": "0161", "rest": "0163", "file_extract": "0165"}
VERSIONS, ADDRESSES = "0167", "0169"
HOUSE = "1c1f3b2a-0000-4000-8000-00000000000a"
GROUND = "8bd15ce3-07be-4ec1-bd7a-c68b5917ca10"
# What the register says of the building, as each way writes it. 1753-01-01 is BBR's "since always".
PLAIN = {
    "id_lokalId": HOUSE, "status": "6", "byg007Bygningsnummer": 1,
    "byg021BygningensAnvendelse": "421", "byg026Opførelsesår": 1000, "byg038SamletBygningsareal": 750,
    "byg041BebyggetAreal": 0, "byg404Koordinat": "POINT(574051.77 6225655.2)", "grund": GROUND,
    "jordstykke": "1372860", "registreringFra": "2017-09-24T09:13:32.432586+02:00",
    "virkningFra": "1753-01-01T00:00:00Z",
}  # fmt: skip
CSV = (
    "\ufeffid_lokalId,kommunekode,status,byg007Bygningsnummer,byg021BygningensAnvendelse,byg026Opførelsesår,"
    "byg038SamletBygningsareal,byg041BebyggetAreal,byg404Koordinat,byg057Opvarmningsmiddel,grund,jordstykke,"
    "registreringFra,registreringTil,virkningFra,virkningTil\n"
    f"{HOUSE.upper()},{int(WAYS['csv'])},6,1,421,1000,750,0,POINT (574051.77 6225655.2),,{GROUND.upper()},1372860,"
    "2017-09-24T07:13:32.432586Z,,1753-01-01T00:00:00.000000Z,\n"
)
EXPECTED = {
    "bbr_id": HOUSE, "ground_id": GROUND, "parcel_id": "1372860", "status_code": "6",
    "building_no": "1", "bbr_use_code": "421", "built_year": 1000, "building_area_m2": Decimal(750),
    "footprint_m2": Decimal(0), "heating_fuel_code": None, "easting_m": Decimal("574051.77"),
    "northing_m": Decimal("6225655.2"), "registered_from": datetime(2017, 9, 24, 7, 13, 32, 432586, tzinfo=UTC),
    "in_effect_from": datetime(1753, 1, 1, tzinfo=UTC),
}  # fmt: skip
ENTITY = {stream.path: stream for stream in registered()["bbr"].streams}


def record(way: str) -> dict[str, Any]:
    return {**PLAIN, "kommunekode": WAYS[way]}


def graphql_record() -> dict[str, Any]:
    letters = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
    empty = {name.partition("{")[0]: None for name in node_fields(ENTITY["Bygning"])}
    plain = {name.translate(letters): value for name, value in record("graphql").items()}
    point = {"wkt": "POINT (574051.77 6225655.2)"}
    return {**empty, **plain, "byg404Koordinat": point, "registreringFra": "2017-09-24T07:13:32.432586Z"}


def by_download(code: str, files: dict[str, bytes], patch: pytest.MonkeyPatch, config: Path, **more: Any) -> None:
    configure(config, code, bbr={"connection": "bbr", "only": ["bygning"], **more})
    with serve(Downloads(files).respond) as server:
        connect_to(patch, server.url)
        assert [result.reason for result in run(code)] == [None] * len(files)


def by_service(way: str, answer: Any, base: str, patch: pytest.MonkeyPatch, config: Path) -> None:
    configure(config, WAYS[way], bbr={"connection": "bbr", "way": way, "only": ["bygning"]})
    with Service(answer) as service:
        connect_to(patch, service.address + base, login="user")
        assert [result.row_count for result in run(WAYS[way])] == [1]


def by_folder(code: str, name: str, content: bytes, config: Path) -> None:
    folder = configure(config, code, bbr={"folder": "drop", "files": {"bygning": "*.*"}}) / "drop"
    drop(folder, name, content)
    assert [result.reason for result in run(code)] == [None]


def deliver_all(patch: pytest.MonkeyPatch, config: Path) -> None:
    by_download(WAYS["csv"], {named("Bygning", 688, code=WAYS["csv"]): packed(CSV)}, patch, config)
    records = packed(json.dumps([record("json")], ensure_ascii=False), "extract.json")
    name = named("Bygning", 688, code=WAYS["json"], form="json")
    by_download(WAYS["json"], {name: records}, patch, config, file_format="json")
    by_service(
        "graphql", bbr_graphql.GraphQL({"BBR_Bygning": [graphql_record()]}, KEY), bbr_graphql.BASE, patch, config
    )
    nested = {**record("rest"), "etageList": [{"id_lokalId": "e", "etage": {"status": "6"}}], "opgangList": []}
    by_service("rest", bbr_rest.BbrPublic({"bygning": [nested]}, "user", KEY), bbr_rest.BASE, patch, config)
    extract = {"BBRSagList": [{"id_lokalId": "s"}], "BygningList": [record("file_extract")], "EtageList": []}
    content = packed(json.dumps(extract), "BBR_udtraek.json")
    by_folder(WAYS["file_extract"], "BBR_udtraek_1_20261001.zip", content, config)
    deltas = {"type_of_data": "Temporal", "deltas": True}
    files = {named("Bygning", 688, code=VERSIONS, data="Temporal"): packed(TOTAL),
             named("Bygning", 689, code=VERSIONS, data="Temporal", kind="Delta"): packed(DELTA)}  # fmt: skip
    by_download(VERSIONS, files, patch, config, **deltas)
    configure(config, ADDRESSES, dar={"connection": "bbr"}, mat={"connection": "bbr"})
    with serve(Downloads({name: packed(text) for name, text in FILES.items()}).respond) as server:
        connect_to(patch, server.url)
        assert {one.outcome for source in ("dar", "mat") for one in run(ADDRESSES, source)} == {"landed"}


VERSION_HEADING = (
    "id_lokalId,kommunekode,status,byg026Opførelsesår,byg038SamletBygningsareal,byg404Koordinat,registreringFra,"
    "registreringTil,virkningFra,virkningTil,datafordelerRowId,datafordelerRowVersion\n"
)
OLD, NEW = "2018-01-01T00:00:00Z", "2020-01-01T00:00:00Z"
TOTAL = VERSION_HEADING + (
    # A: an ended version and the current one; B: closed by the delta; C: no open version at all
    f"A,167,6,1962,100,GEOMETRYCOLLECTION EMPTY,{OLD},{NEW},{OLD},,R1,2\n"
    f"A,167,6,1962,-34,POINT(0 0),{NEW},,{OLD},,R2,1\n"
    f"B,167,6,1962,200,,{OLD},,{OLD},,R3,1\n"
    f"C,167,10,1962,300,,{OLD},{NEW},{OLD},,R4,1\n"
    f"D,167,6,0,400,POINT (x y),2021-02-30T00:00:00Z,,{OLD},,R5,7\n"
)
DELTA = VERSION_HEADING + (
    f"B,167,6,1962,200,,{OLD},{NEW},{OLD},,R3,2\n"
    f"B,167,9,1962,210,,{NEW},,{OLD},,R6,1\n"
    f"D,167,6,0,999,,{OLD},,{OLD},,R5,6\n"
)
FILES = {
    named("Husnummer", 636, code=ADDRESSES, register="DAR"): (
        "id_lokalId,status,adgangsadressebetegnelse,adgangTilBygning,husnummertekst\nH1,3,Prøvevej 1,B1,1\n"
    ),
    named("Adresse", 636, code=ADDRESSES, register="DAR"): (
        "id_lokalId,status,adressebetegnelse,dørbetegnelse,etagebetegnelse,husnummer\n"
        'A1,3,"Prøvevej 1, st. tv",tv,st,H1\n'
    ),
    named("Jordstykke", 525, code=ADDRESSES, register="MAT"): (
        "id_lokalId,status,matrikelnummer,samletFastEjendomLokalId,registreretAreal\n1372860,Gældende,6hh,2154708,812\n"
    ),
    named("SamletFastEjendom", 525, code=ADDRESSES, register="MAT"): (
        "id_lokalId,status,BFEnummer,erFaelleslod\n2154708,Gældende,2154708,false\n"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def staged(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """Every table of staging after one pull of each way."""
    folder = tmp_path_factory.mktemp("bbr")
    (folder / "municipalities").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EJENDOMSTAL_CONFIG", str(folder))
        deliver_all(patch, folder)
        return stage(warehouse, folder, "bbr", "dar", "mat")


def of(tables: dict[str, Rows], model: str, code: str) -> Rows:
    return [row for row in tables[model] if row["municipality_code"] == code]


@pytest.mark.parametrize("way", WAYS)
def test_the_same_building_by_each_way_and_spelling_gives_the_same_staging_row(
    staged: dict[str, Rows], way: str
) -> None:
    (row,) = of(staged, "stg_bbr__bygninger", WAYS[way])
    assert {name: row[name] for name in EXPECTED} == EXPECTED


def test_of_a_temporal_total_and_its_delta_the_highest_row_version_that_has_not_ended_counts(
    staged: dict[str, Rows],
) -> None:
    rows = of(staged, "stg_bbr__bygninger", VERSIONS)
    # A negative area and a status other than 6 are for the models to judge: staging only types.
    names = ("building_area_m2", "status_code", "register_row_version")
    assert {row["bbr_id"]: tuple(row[name] for name in names) for row in rows} == {
        "a": (-34, "6", 1), "b": (210, "9", 1), "d": (400, "6", 7),
    }  # fmt: skip


def test_three_spellings_of_a_missing_point_and_a_day_that_does_not_exist_are_no_value(
    staged: dict[str, Rows],
) -> None:
    rows = {row["bbr_id"]: row for row in of(staged, "stg_bbr__bygninger", VERSIONS)}
    assert {(row["easting_m"], row["northing_m"]) for row in rows.values()} == {(None, None)}
    assert (rows["d"]["built_year"], rows["d"]["registered_from"]) == (0, None)


def test_an_address_is_tied_to_its_building_by_a_register_with_status_words_of_its_own(
    staged: dict[str, Rows],
) -> None:
    (house,), (address,) = (of(staged, f"stg_dar__{name}", ADDRESSES) for name in ("husnumre", "adresser"))
    assert (house["house_number_id"], house["bbr_id"], house["status_code"]) == ("h1", "b1", "3")
    assert (address["house_number_id"], address["floor_name"], address["door_name"]) == ("h1", "st", "tv")


def test_a_parcel_is_tied_to_its_bfe_number_by_a_register_whose_status_is_a_text(staged: dict[str, Rows]) -> None:
    (parcel,) = of(staged, "stg_mat__jordstykker", ADDRESSES)
    (whole,) = of(staged, "stg_mat__samlede_faste_ejendomme", ADDRESSES)
    assert (parcel["parcel_id"], parcel["bfe_number"], parcel["status_name"]) == ("1372860", "2154708", "gældende")
    assert (whole["whole_property_id"], whole["bfe_number"], whole["is_common_lot"]) == ("2154708", "2154708", False)
