"""StatBank: FOLK1A by BULK; what else may lie in a folder is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.errors import RequestRefusedError
from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, select
from tests.connectors.scripted import Answer, Asked, Server, json_answer, serve
from warehouse.settings import Settings, get_settings

HEADING = "\ufeffOMRÅDE;KØN;ALDER;CIVILSTAND;TID;INDHOLD\r\n"
PERIODS = ["2021K1", "2022K1", "2022K2", "2023K1"]


class StatBank:
    """Describes the table and answers a BULK query that names every variable."""

    updated = "2024-02-12T08:00:00"

    def respond(self, asked: Asked, _: int) -> Answer:
        if asked.path.endswith("/tableinfo"):
            values = [{"id": period, "text": period} for period in PERIODS]
            return json_answer({"id": "FOLK1A", "updated": self.updated,
                                "variables": [{"id": "Tid", "time": True, "values": values}]})  # fmt: skip
        chosen = {variable["code"]: variable["values"] for variable in asked.body["variables"]}
        if set(chosen) != {"OMRÅDE", "KØN", "ALDER", "CIVILSTAND", "Tid"} or asked.body["format"] != "BULK":
            return json_answer({"errorTypeCode": "EXTRACT-ERROR", "message": "Variabel mangler"}, 400)
        rows = [f"{chosen['OMRÅDE'][0]};TOT;IALT;TOT;{period};1000\r\n" for period in chosen["Tid"]]
        return Answer(200, (HEADING + "".join(rows)).encode(), {"Content-Type": "text/csv"})


def run(server: Server, monkeypatch: pytest.MonkeyPatch) -> list[PullResult]:
    monkeypatch.setenv("AIRFLOW_CONN_STATBANK", json.dumps({"host": f"{server.url}/v1", "extra": {"attempts": 1}}))
    return pull("statbank", "0992", get_settings())


@pytest.fixture
def by_api(clean_warehouse: Settings, config_folder: Path) -> Settings:
    configure(config_folder, statbank={"connection": "statbank", "first_year": 2022})
    return clean_warehouse


def test_the_first_of_january_of_each_year_since_first_year_lands(
    by_api: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(StatBank().respond) as server:
        assert run(server, monkeypatch)[0].outcome == "landed"
    assert select(by_api, "select omraade, alder, tid, indhold from raw_statbank.folk1a order by row_no") == [
        ("992", "IALT", "2022K1", "1000"), ("992", "IALT", "2023K1", "1000"),
    ]  # fmt: skip


def test_the_data_are_asked_for_again_only_after_an_update(by_api: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    service = StatBank()
    with serve(service.respond) as server:
        run(server, monkeypatch)
        assert run(server, monkeypatch)[0].outcome == "unchanged"
        assert [asked.path for asked in server.asked].count("/v1/data") == 1
        service.updated = "2025-02-11T08:00:00"
        run(server, monkeypatch)
        assert [asked.path for asked in server.asked].count("/v1/data") == 2


def test_an_error_of_the_table_is_passed_on(by_api: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = json_answer({"errorTypeCode": "TABLE-NOTFOUND", "message": "Tabellen findes ikke"}, 400)
    with serve(lambda *_: refused) as server, pytest.raises(RequestRefusedError, match="TABLE-NOTFOUND"):
        run(server, monkeypatch)


@pytest.mark.parametrize(
    ("content", "outcome", "error_class"),
    [
        (HEADING + "992;TOT;IALT;TOT;2024K1;1000\r\n", "landed", None),
        ("\ufeffSÆSON;TID;INDHOLD\r\nSæsonkorrigeret;2020U01;37,7\r\n", "rejected", "MissingColumnError"),
        ('{"dataset": {"dimension": {}}}', "rejected", "UnreadableFileError"),
        (HEADING + "101;TOT;IALT;TOT;2024K1;1000\r\n", "rejected", "WrongMunicipalityError"),
    ],
    ids=["FOLK1A", "another table", "JSON", "another municipality"],
)
def test_of_a_folder_only_the_table_of_the_municipality_lands(
    clean_warehouse: Settings, config_folder: Path, content: str, outcome: str, error_class: str | None
) -> None:
    folder = configure(config_folder, statbank={"folder": "drop", "files": {"folk1a": "*"}}) / "drop"
    drop(folder, "answer.csv", content)
    (result,) = pull("statbank", "0992", get_settings())
    assert (result.outcome, result.error_class) == (outcome, error_class)
