"""Dalux FM: pages of envelopes to rows of allow-listed fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConfigError, ServerError
from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, select
from tests.connectors.scripted import Answer, Asked, json_answer, serve
from warehouse.settings import Settings, get_settings

USER_FIELDS = {"property_no": "Ejendomsnr.", "heated_area": "Opvarmet areal", "use": "KL Anvendelsesområde"}


def estate(number: int, name: str = "Skolen") -> dict[str, Any]:
    own = {"items": [{"name": "Ejendomsnr.", "values": [{"text": f"E{number}"}]}]}
    record = {"estateId": str(number), "name": name, "responsibleUserEmail": "x@example.invalid",
              "userDefinedFields": own}  # fmt: skip
    return {"data": record, "links": []}


BUILDING = {
    "data": {
        "buildingId": "9", "name": "Hal", "estateRef": {"estateId": "1"}, "grossArea": 0.0, "netArea": 12.50,
        "owned": False, "lastChangedBy": "N N (x@example.invalid)",
        "userDefinedFields": [{"name": "Opvarmet areal", "value": "1.234"}],
    }
}  # fmt: skip


class Dalux:
    """120 estates in two pages; number 1 was changed during the pull and comes again on the second page."""

    def __init__(self) -> None:
        self.pages = {
            None: [estate(n) for n in range(100)],
            "1": [estate(1, "Skolen (old)")] + [estate(n) for n in range(100, 119)],
        }

    def respond(self, asked: Asked, _: int) -> Answer:
        if asked.headers.get("X-API-KEY") != "key" or int(asked.query["limit"]) > 100:
            return json_answer({"errorCode": "E40101", "errorCodeMessage": "InvalidApiKey"}, 401)
        if asked.path.endswith("/2.0/buildings"):
            return json_answer({"items": [BUILDING], "metadata": {"totalItems": 1, "nextBookmark": "0"}})
        bookmark = asked.query.get("bookmark")
        about = {"totalItems": 120, "nextBookmark": "1" if bookmark is None else None}
        return json_answer({"items": self.pages[bookmark], "metadata": about})


def run(config: Path, monkeypatch: pytest.MonkeyPatch, user_fields: dict[str, str] = USER_FIELDS) -> list[PullResult]:
    configure(config, fm_dalux={"connection": "dalux_0992", "user_fields": user_fields})
    with serve(Dalux().respond) as server:
        stored = {"host": f"{server.url}/api", "password": "key", "extra": {"attempts": 1}}
        monkeypatch.setenv("AIRFLOW_CONN_DALUX_0992", json.dumps(stored))
        return pull("fm_dalux", "0992", get_settings())


def test_all_pages_land_each_id_once_and_the_first_wins(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = run(config_folder, monkeypatch)
    assert [(result.stream, result.outcome, result.row_count) for result in results] == [
        ("estates", "landed", 119), ("buildings", "landed", 1),
    ]  # fmt: skip
    assert select(
        clean_warehouse, "select name, property_no, tenure from raw_fm_dalux.estates where estate_id = '1'"
    ) == [("Skolen", "E1", None)]


def test_values_land_as_written_and_user_fields_of_both_versions_are_read(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(config_folder, monkeypatch)
    columns = "building_id, estate_id, owned, gross_area, net_area, heated_area, bda_area"
    assert select(clean_warehouse, f"select {columns} from raw_fm_dalux.buildings") == [
        ("9", "1", "false", "0.0", "12.5", "1.234", None)
    ]


def test_persons_are_in_no_kept_file(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(config_folder, monkeypatch)
    kept = [path for path in (clean_warehouse.home / "deliveries").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"example.invalid" in path.read_bytes() for path in kept)


def test_a_second_pull_of_the_same_records_changes_nothing(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(config_folder, monkeypatch)
    assert {result.outcome for result in run(config_folder, monkeypatch)} == {"unchanged"}
    assert select(clean_warehouse, "select count(*) from ops.deliveries") == [(2,)]


def test_a_user_field_that_leads_nowhere_is_a_configuration_error(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="user_fields has no use for heated"):
        run(config_folder, monkeypatch, {"heated": "Opvarmet areal"})


def test_a_stream_that_fails_raises_after_the_others_have_landed(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(config_folder, fm_dalux={"connection": "dalux_0992"})
    service = Dalux()

    def respond(asked: Asked, number: int) -> Answer:
        return Answer(503) if asked.path.endswith("/2.0/estates") else service.respond(asked, number)

    with serve(respond) as server:
        stored = {"host": f"{server.url}/api", "password": "key", "extra": {"attempts": 1}}
        monkeypatch.setenv("AIRFLOW_CONN_DALUX_0992", json.dumps(stored))
        with pytest.raises(ServerError):
            pull("fm_dalux", "0992", get_settings())
    assert select(clean_warehouse, "select stream, state from ops.deliveries") == [("buildings", "landed")]
