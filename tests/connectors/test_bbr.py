"""BBR: the right file of the download API, once; extracts from a folder."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import UnexpectedContentError
from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, select
from tests.connectors.scripted import Answer, Asked, Server, json_answer, serve
from warehouse.settings import Settings, get_settings

ENTITIES = ("Bygning", "Etage", "Grund", "Ejendomsrelation", "BygningEjendomsrelation")
STREAMS = [entity.lower() for entity in ENTITIES]
BUILDING = "1C1F3B2A-0000-4000-8000-00000000000A"
HEADING = "id_lokalId,kommunekode,status,byg026Opførelsesår,byg038SamletBygningsareal,byg500Notatlinjer\n"


def packed(text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("extract.csv", "\ufeff" + text)
    return content.getvalue()


def file_name(entity: str, generation: int, *, form: str = "csv_Current", code: str = "_0992") -> str:
    return f"BBR_V3_{entity}{code}_TotalDownload_{form}_{generation}.zip"


class Datafordeler:
    """Speaks the list and download calls; pages of two, decoys around each file."""

    def __init__(self) -> None:
        self.generation = 688
        self.building_file = packed(HEADING + f"{BUILDING},992,6,1962,750,A note\n")
        self.other_file = packed(f"id_lokalId,kommunekode,status\n{BUILDING},992,7\n")

    def names(self) -> list[str]:
        names = []
        for entity in ENTITIES:
            names += [file_name(entity, 999, code=""), file_name(entity, 999, form="json_Current"),
                      file_name(entity, 999, form="csv_Temporal"), file_name(entity, 999, code="_0993"),
                      file_name(entity, self.generation - 7), file_name(entity, self.generation)]  # fmt: skip
        return names

    def content(self, name: str) -> bytes:
        return self.building_file if "_Bygning_" in name else self.other_file

    def respond(self, asked: Asked, _: int) -> Answer:
        if asked.query.get("apikey") != "key":
            return Answer(401)
        if asked.path.endswith("/GetFile"):
            return Answer(200, self.content(asked.query["Filename"]), {"Content-Type": "application/octet-stream"})
        page, names = int(asked.query["PageNumber"]), self.names()
        items = [{"fileName": name, "md5Hash": md5(self.content(name)).hexdigest().upper()} for name in names]
        about = {"currentPage": page, "totalCount": len(names), "totalPages": (len(names) + 6) // 7}
        return json_answer({"paginationMetadata": about, "availableFileDownloads": items[7 * page - 7 : 7 * page]})


def run(server: Server, monkeypatch: pytest.MonkeyPatch) -> list[PullResult]:
    stored = {"conn_type": "http", "host": f"{server.url}/FileDownloads", "password": "key", "extra": {"attempts": 1}}
    monkeypatch.setenv("AIRFLOW_CONN_BBR", json.dumps(stored))
    return pull("bbr", "0992", get_settings())


@pytest.fixture
def by_api(clean_warehouse: Settings, config_folder: Path) -> Settings:
    configure(config_folder, bbr={"connection": "bbr", "only": STREAMS})
    return clean_warehouse


def test_the_newest_current_csv_of_the_municipality_is_taken_of_each_entity(
    by_api: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Datafordeler()
    with serve(service.respond) as server:
        results = run(server, monkeypatch)
    assert [result.file_name for result in results] == [file_name(entity, 688) for entity in ENTITIES[:3]] + [
        file_name("Ejendomsrelation", 688), file_name("BygningEjendomsrelation", 688),
    ]  # fmt: skip
    assert {result.outcome for result in results} == {"landed"}
    columns = "id_lokalid, kommunekode, byg026opfoerelsesaar, byg038samletbygningsareal, grund"
    assert select(by_api, f"select {columns} from raw_bbr.bygning") == [(BUILDING, "992", "1962", "750", None)]


def test_an_unchanged_generation_is_not_downloaded_again(by_api: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Datafordeler()
    with serve(service.respond) as server:
        run(server, monkeypatch)
        before = len(server.asked)
        results = run(server, monkeypatch)
        asked = server.asked[before:]
        assert {result.outcome for result in results} == {"unchanged"}
        assert {call.path for call in asked} == {"/FileDownloads/GetAvailableFileDownloads"}
        assert len(asked) == 5  # thirty items in pages of seven, asked for once for all five entities

        service.generation = 695
        service.building_file = packed(HEADING + f"{BUILDING},992,6,1962,800,\n")
        run(server, monkeypatch)
    current = "where delivery_id in (select delivery_id from ops.current_deliveries)"
    assert select(by_api, f"select byg038samletbygningsareal from raw_bbr.bygning {current}") == [("800",)]


def test_a_truncated_zip_is_rejected_and_the_earlier_rows_stay(
    by_api: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Datafordeler()
    with serve(service.respond) as server:
        run(server, monkeypatch)
        service.generation = 695
        service.building_file = service.building_file[:-60]
        results = run(server, monkeypatch)
    assert results[0].error_class == "TruncatedArchiveError"
    assert "key" not in (results[0].reason or "").split()
    current = "where delivery_id in (select delivery_id from ops.current_deliveries)"
    assert select(by_api, f"select byg038samletbygningsareal from raw_bbr.bygning {current}") == [("750",)]


def test_a_list_without_the_municipality_says_so(by_api: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = json_answer({"paginationMetadata": {"totalCount": 0}, "availableFileDownloads": []})
    with (
        serve(lambda *_: empty) as server,
        pytest.raises(UnexpectedContentError, match=r"no current csv total of Bygning"),
    ):
        run(server, monkeypatch)


def from_folder(config: Path, name: str, content: str) -> PullResult:
    folder = configure(config, bbr={"folder": "drop", "files": {"bygning": "*.*"}}) / "drop"
    drop(folder, name, content)
    (result,) = pull("bbr", "0992", get_settings())
    return result


RECORD: dict[str, Any] = {
    "id_lokalId": BUILDING.lower(), "kommunekode": "0992", "status": "6", "byg026Opførelsesår": 1952,
    "byg021BygningensAnvendelse": "120", "etageList": [], "grund": "g",
}  # fmt: skip


def test_records_of_the_old_rest_service_land_like_an_extract(clean_warehouse: Settings, config_folder: Path) -> None:
    assert from_folder(config_folder, "bygning.json", json.dumps([RECORD])).outcome == "landed"
    columns = "id_lokalid, byg026opfoerelsesaar, byg021bygningensanvendelse, byg038samletbygningsareal"
    assert select(clean_warehouse, f"select {columns} from raw_bbr.bygning") == [
        (BUILDING.lower(), "1952", "120", None)
    ]
    assert "byg038samletbygningsareal" in select(clean_warehouse, "select warnings::text from ops.deliveries")[0][0]


def test_an_extract_without_our_columns_lands_and_names_what_it_lacks(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    content = f"\ufeffid_lokalId,kommunekode,status,byg069Sikringsrumpladser\n{BUILDING},992,6,75\n"
    assert from_folder(config_folder, "bygning.csv", content).outcome == "landed"
    assert "byg021bygningensanvendelse" in select(clean_warehouse, "select warnings::text from ops.deliveries")[0][0]


@pytest.mark.parametrize(
    ("name", "content", "error_class"),
    [
        ("b.csv", f"id_lokalId,kommunekode,status\n{BUILDING},751,6\n", "WrongMunicipalityError"),
        ("b.csv", f"id_lokalId,kommunekode\n{BUILDING},992\n", "MissingColumnError"),
        ("b.json", json.dumps([{**RECORD, "kommunekode": "0860"}]), "WrongMunicipalityError"),
        ("b.json", json.dumps([{"id_lokalId": BUILDING, "kommunekode": "0992"}]), "MissingColumnError"),
        ("b.json", json.dumps({"data": {"BBR_Bygning": {"nodes": []}}}), "UnreadableFileError"),
        ("b.json", "[", "UnreadableFileError"),
        ("b.json", "[]", "EmptyFileError"),
    ],
)
def test_an_extract_that_is_not_the_municipalitys_buildings_is_rejected(
    clean_warehouse: Settings, config_folder: Path, name: str, content: str, error_class: str
) -> None:
    result = from_folder(config_folder, name, content)
    assert (result.outcome, result.error_class) == ("rejected", error_class)
    assert select(clean_warehouse, "select count(*) from raw_bbr.bygning") == [(0,)]
