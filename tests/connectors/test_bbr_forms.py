"""Old forms of BBR's data, JSON of any size, the key in the address, and the real sample files."""

from __future__ import annotations

import io
import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from connectors.base import registered
from connectors.errors import Place, SourceError, UnreadableFileError
from connectors.json_records import BLOCK, Records
from demo.simulators.bbr_rest import BASE, BbrPublic
from demo.simulators.service import Service
from tests.connectors.datafordeleren import CODE, KEY, Downloads, connect_to, named, packed, run
from tests.connectors.drops import configure, select
from tests.connectors.scripted import serve
from warehouse.settings import Settings

COLUMNS = {"id_lokalId": "id_lokalid", "byg026Opførelsesår": "year", "byg026Opfoerelsesaar": "year", "grund": "grund"}
PLACE = Place("bbr", "bygning")


def read(text: str, *lists: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for rows in Records(io.BytesIO(text.encode()), COLUMNS, lists, PLACE) for row in rows]


def many(separator: str, **odd: Any) -> str:
    """More than two blocks of records, of which the middle one has what is odd."""
    filler = "x" * 4000
    records = [{"id_lokalId": f"b{n}", "byg026Opførelsesår": n, "note": filler} for n in range(2 * BLOCK // 4000 + 50)]
    records[len(records) // 2 + 300] |= odd
    return "[" + separator.join(json.dumps(one, ensure_ascii=False) for one in records) + "]"


@pytest.mark.parametrize("separator", [",", ",\n  ", " ,\r\n"])
@pytest.mark.parametrize(
    ("odd", "grund"),
    [
        ({"grund": "a text },{ of braces } ]"}, "a text },{ of braces } ]"),
        ({"grund": "ends in },{"}, "ends in },{"),
        ({"grund": {"id_lokalId": "g", "x": [{"a": 1}, {"b": 2}]}}, "g"),
        ({"grund": 0.0, "z": [{"a": 1}]}, "0.0"),
    ],
    ids=["braces in a text", "a text that ends like a record", "nested", "a fraction"],
)
def test_records_of_a_large_json_file_are_read_in_blocks_whatever_their_texts_hold(
    odd: dict[str, Any], grund: str, separator: str
) -> None:
    rows = read(many(separator, **odd))
    assert [row[0] for row in rows] == [f"b{n}" for n in range(len(rows))]
    assert len(rows) == 2 * BLOCK // 4000 + 50
    assert [row[2] for row in rows if row[2]] == [grund]


def test_of_the_old_file_extract_the_named_list_is_read_and_no_other() -> None:
    lists = {"BBRSagList": [{"id_lokalId": "s", "note": '"BygningList"'}], "BygningList": [{"id_lokalId": "b"}],
             "EtageList": [{"id_lokalId": "e"}]}  # fmt: skip
    assert read(json.dumps(lists), "BygningList") == [("b", "", "")]


@pytest.mark.parametrize("text", ["", "{}", '{"data": {"BBR_Bygning": {"nodes": []}}}', "[1]", '[{"id_lokalId": "b"'])
def test_what_is_not_an_array_of_records_to_its_end_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFileError):
        read(text, "BygningList")


def case(number: int) -> dict[str, Any]:
    level = {"id_lokalid": f"level-{number}", "sagsniveau": {"status": "9", "kommunekode": CODE, "sagstype": "32"}}
    return {"id_lokalId": f"case-{number}", "kommunekode": CODE, "status": "9", "sagsniveauList": [level]}


def test_rest_reads_until_a_page_is_short_and_knows_the_misspelt_id_of_case_levels(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = {"connection": "bbr", "way": "rest", "only": ["bbrsag", "sagsniveau"]}
    configure(config_folder, CODE, bbr=section)
    with Service(BbrPublic({"bbrsag": [case(number) for number in range(1001)]}, "user", KEY)) as service:
        connect_to(monkeypatch, service.address + BASE, login="user")
        assert {result.stream: result.row_count for result in run()} == {"bbrsag": 1001, "sagsniveau": 1001}
        assert select(clean_warehouse, "select id_lokalid, sagstype from raw_bbr.sagsniveau where row_no = 1001") == [
            ("level-1000", "32")
        ]


def test_what_is_being_shut_down_is_never_the_usual_way_and_says_so() -> None:
    usual, *others = registered()["bbr"].ways
    assert usual.name == "file_download"
    assert ["being shut down" in way.note for way in others if way.name == "rest"] == [True]


def test_free_text_and_names_of_the_register_are_on_no_allow_list() -> None:
    for stream in registered()["bbr"].streams:
        assert not [name for name in stream.columns if "notat" in name.lower() or "navn" in name.lower()]


def test_the_key_of_a_file_download_is_in_no_log_no_error_and_no_delivery(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    configure(config_folder, CODE, bbr={"connection": "bbr", "only": ["bygning"]})
    good = Downloads({named("Bygning", 688): packed("id_lokalId,kommunekode,status\nb,992,6\n")})
    with serve(good.respond) as server:
        connect_to(monkeypatch, server.url)
        run()
    connect_to(monkeypatch, "http://127.0.0.1:9/FileDownloads")
    with pytest.raises(SourceError) as caught:
        run()
    kept = select(clean_warehouse, "select d::text from ops.deliveries as d")
    assert "GetFile" in caplog.text
    assert KEY not in caplog.text + repr(caught.getrepr(chain=True)) + str(kept)


SAMPLES = pytest.mark.skipif("EJENDOMSTAL_SAMPLE_DATA" not in os.environ, reason="EJENDOMSTAL_SAMPLE_DATA is not set")


@SAMPLES
@pytest.mark.parametrize(
    ("code", "files", "outcome"),
    [
        ("0751", "aarhus_*.csv", (None, 1895)),
        ("0860", "rest_bygning_0860*.json", (None, 1)),
        ("0751", "rest_bygning_0860*.json", ("WrongMunicipalityError", 0)),
        ("0751", "graphql_*.json", ("UnreadableFileError", 0)),
        ("0751", "file_api_*.json", ("UnreadableFileError", 0)),
        ("0751", "*.schema.json", ("UnreadableFileError", 0)),
    ],
)
def test_real_files_land_or_are_refused_for_the_right_reason(
    clean_warehouse: Settings, config_folder: Path, code: str, files: str, outcome: tuple[str | None, int]
) -> None:
    configure(config_folder, code, bbr={"folder": "${EJENDOMSTAL_SAMPLE_DATA}/bbr", "files": {"bygning": files}})
    assert {(result.error_class, result.row_count) for result in run(code)} == {outcome}
