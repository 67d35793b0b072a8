"""The simulators of StatBank and STIL speak the documented protocols, their errors included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from demo.simulators import stil
from demo.simulators.service import Service
from demo.simulators.statbank import BASE, StatBank
from tests.connectors.statistics_world import World

KEY = "a-key"


@pytest.fixture(scope="module")
def statbank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("statbank")
    World(folder).write()
    with Service(StatBank(folder, throttle_every=0)) as service:
        yield service.address + BASE


def ask(address: str, function: str, **body: Any) -> requests.Response:
    return requests.post(f"{address}/{function}", json=body, timeout=10)


def test_statbank_lists_subjects_with_their_tables_and_tables_with_their_update(statbank: str) -> None:
    subjects = ask(statbank, "subjects", recursive=True, includeTables=True).json()
    assert {subject["description"]: [table["id"] for table in subject["tables"]] for subject in subjects} == {
        "Befolkning": ["FOLK1A"], "Offentlig økonomi": ["REGK31", "BUDK32", "REGK100", "NGLK", "BYG43"],
        "Priser": ["PRIS113"],
    }  # fmt: skip
    tables = {table["id"]: table for table in ask(statbank, "tables").json()}
    assert (tables["REGK31"]["firstPeriod"], tables["REGK31"]["latestPeriod"]) == ("2019", "2024")
    assert tables["REGK31"]["updated"]


def test_statbank_describes_a_table_by_get_and_post(statbank: str) -> None:
    got = requests.get(f"{statbank}/tableinfo", params={"id": "NGLK"}, timeout=10).json()
    assert got == ask(statbank, "tableinfo", table="NGLK").json()


@pytest.mark.parametrize(
    ("function", "body", "kind"),
    [
        ("tableinfo", {"table": "REGK53"}, "EXTRACT-NOTFOUND"),
        ("data", {"table": "PRIS113", "format": "BULK"}, "EXTRACT-NOTALLOWED"),
        (
            "data",
            {"table": "PRIS113", "format": "BULK", "variables": [{"code": "TYPE", "values": ["AAR"]}]},
            "EXTRACT-NOTFOUND",
        ),
        (
            "data",
            {"table": "PRIS113", "format": "CSV", "variables": [{"code": "VAREGR", "values": ["*"]}]},
            "EXTRACT-NOTFOUND",
        ),
    ],
    ids=["no such table", "a variable left out", "no such value", "no such variable"],
)
def test_statbank_names_the_type_of_an_error(statbank: str, function: str, body: dict[str, Any], kind: str) -> None:
    answer = ask(statbank, function, **body)
    assert (answer.status_code, answer.json()["errorTypeCode"]) == (400, kind)


def test_statbank_writes_a_decimal_comma_in_danish_and_a_point_in_english(statbank: str) -> None:
    variables = [{"code": "TYPE", "values": ["*"]}, {"code": "Tid", "values": ["2024M08"]}]
    for lang, number in (("da", "118,9"), ("en", "118.9")):
        answer = ask(statbank, "data", table="PRIS113", format="BULK", lang=lang, valuePresentation="Code",
                     variables=variables)  # fmt: skip
        assert answer.content.decode() == f"\ufeffTYPE;TID;INDHOLD\r\nINDEKS;2024M08;{number}\r\n"


def test_stil_wants_a_key_and_a_cube(tmp_path: Path) -> None:
    body = {"område": "GS", "emne": "ELEV", "underemne": "ELEVEX", "nøgletal": ["Antal elever"],
            "detaljering": ["[Skoleår].[Skoleår]"], "side": 2}  # fmt: skip
    cells: list[stil.Cell] = [("1", "Skole", "By", f"{year}/{year + 1}", 1000 + year) for year in (2022, 2023, 2024)]
    with Service(stil.EducationStatistics(cells, KEY, page_size=2)) as service:
        address, headers = f"{service.address}{stil.BASE}/statistik", {"Authorization": f"Bearer {KEY}"}
        assert requests.post(address, json=body, timeout=10).status_code == 401
        assert requests.post(address, json={**body, "emne": "X"}, headers=headers, timeout=10).status_code == 400
        answer = requests.post(address, json=body, headers=headers, timeout=10).json()
    assert answer == [{"[Skoleår].[Skoleår].[Skoleår]": "2024/2025", "Antal elever": "3.024"}]
