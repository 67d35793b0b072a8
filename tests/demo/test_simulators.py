"""The simulators speak the documented protocols, their errors included."""

import hashlib
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests

from demo.simulators.bbr import BbrDownloads
from demo.simulators.dalux import DaluxTenant
from demo.simulators.server import start
from demo.simulators.service import Service
from demo.truth import Truth

KEY = "a-key"


@pytest.fixture(scope="module")
def bbr(sources: Path) -> Iterator[str]:
    with Service(BbrDownloads(sources / "bbr", KEY, throttle_every=0, page_size=10)) as service:
        yield f"{service.address}/FileDownloads"


@pytest.fixture(scope="module")
def dalux(sources: Path) -> Iterator[str]:
    with Service(DaluxTenant(sources / "dalux", KEY, throttle_every=0)) as service:
        yield f"{service.address}/api"


@pytest.fixture(scope="module")
def statbank(world: tuple[Path, Truth]) -> Iterator[str]:
    with start(world[0], throttle_every=0) as simulators:
        yield json.loads(simulators.environment["AIRFLOW_CONN_STATBANK"])["host"]


def get(address: str, **params: Any) -> requests.Response:
    return requests.get(address, params=params, timeout=10)


def list_files(bbr: str) -> list[dict[str, Any]]:
    files, page = [], 1
    while True:
        answer = get(
            f"{bbr}/GetAvailableFileDownloads", Register="BBR", format="JSON", apikey=KEY, PageNumber=page
        ).json()
        files += answer["availableFileDownloads"]
        if page >= answer["paginationMetadata"]["totalPages"]:
            assert answer["paginationMetadata"]["totalCount"] == len(files)
            return files
        page += 1


def test_bbr_lists_files_in_pages_and_national_ones_among_them(bbr: str) -> None:
    files = list_files(bbr)

    assert len(files) > 10
    assert {file["municipalityCode"] for file in files} == {None, "0991", "0992", "0993"}
    assert {file["typeOfData"] for file in files} == {"Current", "Temporal"}


def test_bbr_gives_a_file_whose_hash_and_size_are_as_listed(bbr: str) -> None:
    name = "BBR_V3_Etage_0992_TotalDownload_csv_Current_688.zip"
    entry = next(file for file in list_files(bbr) if file["fileName"] == name)
    content = get(f"{bbr}/GetFile", Filename=name, apikey=KEY).content

    assert hashlib.md5(content).hexdigest() == entry["md5Hash"]
    assert len(content) == entry["fileSizeInBytes"]
    assert zipfile.ZipFile(BytesIO(content)).namelist() == [name.replace(".zip", ".csv")]


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("GetAvailableFileDownloads", {}, 401),
        ("GetAvailableFileDownloads", {"apikey": "another"}, 403),
        ("GetFile", {"apikey": KEY, "Filename": "no_such.zip"}, 404),
        ("GetFile", {"apikey": KEY, "Filename": "../catalogue.json"}, 404),
        ("GetNothing", {"apikey": KEY}, 404),
    ],
)
def test_bbr_refuses(path: str, params: dict[str, str], status: int, bbr: str) -> None:
    assert get(f"{bbr}/{path}", **params).status_code == status


def test_bbr_no_longer_gives_a_file_that_has_expired(bbr: str) -> None:
    name = "BBR_V3_Etage_0992_TotalDownload_csv_Current_687.zip"

    assert any(file["fileName"] == name for file in list_files(bbr))
    assert get(f"{bbr}/GetFile", Filename=name, apikey=KEY).status_code == 404


def read_all(address: str, limit: int) -> list[dict[str, Any]]:
    items, bookmark = [], None
    while True:
        params = {"limit": limit} | ({"bookmark": bookmark} if bookmark else {})
        answer = requests.get(address, params=params, headers={"X-API-KEY": KEY}, timeout=10).json()
        items += [item["data"] for item in answer["items"]]
        bookmark = answer["metadata"]["nextBookmark"]
        if not bookmark:
            assert answer["metadata"]["totalItems"] == len(items)
            return items


def test_dalux_gives_pages_by_an_opaque_bookmark(dalux: str, sources: Path) -> None:
    served = json.loads((sources / "dalux" / "buildings.json").read_text(encoding="utf-8"))

    assert read_all(f"{dalux}/2.0/buildings", limit=7) == served


def test_dalux_gives_no_more_than_a_hundred_at_a_time(dalux: str) -> None:
    answer = requests.get(f"{dalux}/2.0/buildings?limit=5000", headers={"x-api-key": KEY}, timeout=10).json()

    assert len(answer["items"]) <= 100


@pytest.mark.parametrize(
    ("headers", "path", "status", "code"),
    [
        ({}, "2.0/estates", 401, "E40103"),
        ({"X-API-KEY": "another"}, "2.0/estates", 401, "E40101"),
        ({"X-API-KEY": KEY}, "2.0/estates?bookmark=1", 400, "E40001"),
        ({"X-API-KEY": KEY}, "2.0/nothing", 404, "E40401"),
    ],
)
def test_dalux_refuses_with_its_own_codes(
    headers: dict[str, str], path: str, status: int, code: str, dalux: str
) -> None:
    answer = requests.get(f"{dalux}/{path}", headers=headers, timeout=10)

    assert (answer.status_code, answer.json()["errorCode"]) == (status, code)


def test_one_request_in_so_many_is_told_to_wait(sources: Path) -> None:
    with Service(DaluxTenant(sources / "dalux", KEY, throttle_every=3)) as service:
        address = f"{service.address}/api/2.0/estates"
        answers = [requests.get(address, headers={"X-API-KEY": KEY}, timeout=10) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 200, 200, 429]
    assert answers[2].headers["Retry-After"] == "1"
    assert answers[2].json()["errorCode"] == "E42901"


def query(**changes: Any) -> dict[str, Any]:
    chosen = {"OMRÅDE": ["991"], "KØN": ["TOT"], "ALDER": ["IALT"], "CIVILSTAND": ["TOT"], "Tid": ["2024K1"]}
    chosen |= changes.pop("chosen", {})
    variables = [{"code": code, "values": values} for code, values in chosen.items() if values]
    return {
        "table": "FOLK1A",
        "format": "BULK",
        "lang": "da",
        "valuePresentation": "Code",
        "variables": variables,
    } | changes


def test_statbank_answers_bulk_with_byte_order_mark_semicolons_and_capitals(statbank: str, truth: Truth) -> None:
    people = next(
        u.amount for u in truth.measures if (u.municipality_code, u.year, u.measure_code) == ("0991", 2024, "N_INDB")
    )
    answer = requests.post(f"{statbank}/data", json=query(), timeout=10)

    assert answer.content.decode("utf-8").splitlines() == [
        "\ufeffOMRÅDE;KØN;ALDER;CIVILSTAND;TID;INDHOLD",
        f"991;TOT;IALT;TOT;2024K1;{people}",
    ]


def test_statbank_parts_sum_to_their_total(statbank: str) -> None:
    everything = {"KØN": ["*"], "ALDER": ["*"], "CIVILSTAND": ["*"]}
    text = requests.post(f"{statbank}/data", json=query(chosen=everything), timeout=10).content.decode("utf-8-sig")
    rows = [line.split(";") for line in text.splitlines()[1:]]
    total = next(int(row[5]) for row in rows if row[1:4] == ["TOT", "IALT", "TOT"])

    assert sum(int(row[5]) for row in rows if row[1] != "TOT" and row[2] == "IALT" and row[3] == "TOT") == total
    assert sum(int(row[5]) for row in rows if row[1] == "TOT" and row[2] != "IALT" and row[3] == "TOT") == total
    assert sum(int(row[5]) for row in rows if "TOT" not in row and "IALT" not in row) == total


def test_statbank_describes_its_table(statbank: str) -> None:
    about = requests.post(f"{statbank}/tableinfo", json={"table": "FOLK1A", "format": "JSON"}, timeout=10).json()

    assert [variable["id"] for variable in about["variables"]] == ["OMRÅDE", "KØN", "ALDER", "CIVILSTAND", "Tid"]
    assert about["updated"]


@pytest.mark.parametrize(
    "asked",
    [
        query(table="FOLK99"),
        query(chosen={"KØN": None}),
        query(chosen={"OMRÅDE": ["101"]}),
        query(format="PX"),
    ],
    ids=["another table", "bulk without a variable", "an unknown value", "an unknown format"],
)
def test_statbank_refuses_with_a_type_and_a_message(asked: dict[str, Any], statbank: str) -> None:
    answer = requests.post(f"{statbank}/data", json=asked, timeout=10)

    assert answer.status_code == 400
    assert answer.json().keys() == {"errorTypeCode", "message"}


def test_the_program_prints_its_environment_and_stops_when_told(world: tuple[Path, Truth]) -> None:
    command = [sys.executable, "-m", "demo.simulators", str(world[0])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        environment = json.loads(process.stdout.readline())
        connection = json.loads(environment["AIRFLOW_CONN_DALUX_0992"])
        headers = {"X-API-KEY": connection["password"]}
        answer = requests.get(f"{connection['host']}/2.0/estates", headers=headers, timeout=10)
        process.send_signal(signal.SIGTERM)

    assert environment.keys() == {f"AIRFLOW_CONN_{name}" for name in ("BBR", "DALUX_0992", "EMODATA", "STATBANK")}
    assert answer.status_code == 200
    assert process.returncode == 0
