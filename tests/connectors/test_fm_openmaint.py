"""openMAINT by CMDBuild's REST API, against a service that speaks the protocol."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.base import registered
from connectors.errors import (
    AuthenticationError,
    ConfigError,
    RequestRefusedError,
    ServerError,
    UnexpectedContentError,
)
from connectors.pull import PullResult, pull
from demo.simulators.openmaint import BASE, OpenMaint
from demo.simulators.service import Answer, Asked, Reply, Service, as_json
from tests.connectors.drops import configure, select
from tests.connectors.fm_samples import CANARIES, card, installation
from warehouse.settings import Settings, get_settings

RAW = "raw_fm_openmaint"
USER_FIELDS = {"complexes.property_no": "Ejendomsnr", "room_type": "RoomUse"}


@contextmanager
def serve(answer: Answer, monkeypatch: pytest.MonkeyPatch, password: str = "openmaint-key") -> Iterator[None]:
    with Service(answer) as service:
        stored = {"host": service.address + BASE, "login": "reader", "password": password,
                  "extra": {"attempts": 1, "longest_wait": 0}}  # fmt: skip
        monkeypatch.setenv("AIRFLOW_CONN_OPENMAINT_0993", json.dumps(stored))
        yield


def run(
    answer: Answer,
    config: Path,
    patch: pytest.MonkeyPatch,
    only: str = "",
    password: str = "openmaint-key",
    **more: Any,
) -> list[PullResult]:
    if only:
        more["without"] = sorted(s.name for s in registered()["fm_openmaint"].streams if s.name not in only.split())
    configure(config, "0993", fm_openmaint={"connection": "openmaint_0993", "user_fields": USER_FIELDS, **more})
    with serve(answer, patch, password):
        return pull("fm_openmaint", "0993", get_settings())


def test_every_class_and_process_lands(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = run(OpenMaint(installation()), config_folder, monkeypatch)
    assert {result.stream: result.row_count for result in results} == {
        "complexes": 1, "buildings": 1, "floors": 1, "rooms": 3, "maintenance_requests": 1, "meters": 1,
        "meter_readings": 2, "budget_items": 1, "contracts": 1,
    }  # fmt: skip


def test_a_lookup_lands_as_what_it_stands_for_and_an_attribute_of_ones_own_by_its_name(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(OpenMaint(installation()), config_folder, monkeypatch, "complexes rooms")
    assert select(
        clean_warehouse, f"select code, condition_code, main_use, gross_area, property_no from {RAW}.complexes"
    ) == [("C1", "good", "Skole", None, "4001")]
    assert select(
        clean_warehouse, f"select room_id, floor_id, gross_area, cleaning_area, room_type from {RAW}.rooms order by 1"
    ) == [(str(30 + n), "20", "20.5", f"{18.0 + n}", "class") for n in range(3)]


def test_only_attributes_that_are_let_in_and_exist_are_asked_for_and_the_missing_ones_reported(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Asked] = []
    service = OpenMaint(installation())

    def noting(one: Asked) -> Reply:
        asked.append(one)
        return service(one)

    run(noting, config_folder, monkeypatch, "maintenance_requests")
    (query,) = [one.query for one in asked if one.path.endswith("/instances")]
    assert query["attrs"] == "Code,Building,Priority,OpeningDate"
    (warnings,) = select(clean_warehouse, "select warnings from ops.deliveries")[0]
    assert "the class has no attribute Category, ClosingDate, ProcessStatus, Room" in warnings[0]


def test_cards_come_by_start_and_limit_until_the_total_is_there(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = installation()
    made.classes = {**made.classes, "MeterReading": [card(n, Meter=40, Value=n) for n in range(1100)]}
    starts: list[str] = []
    service = OpenMaint(made)

    def noting(one: Asked) -> Reply:
        starts.extend([one.query["start"]] if one.path.endswith("MeterReading/cards") else [])
        return service(one)

    assert [one.row_count for one in run(noting, config_folder, monkeypatch, "meter_readings")] == [1100]
    assert starts == ["0", "500", "1000"]


def test_every_session_is_closed_again(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = OpenMaint(installation())
    run(service, config_folder, monkeypatch)
    assert service.sessions == {}


def test_a_session_that_ends_in_the_middle_is_opened_anew(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = installation()
    made.classes = {**made.classes, "MeterReading": [card(n, Meter=40, Value=n) for n in range(1100)]}
    made.calls_per_session = 2
    assert [one.row_count for one in run(OpenMaint(made), config_folder, monkeypatch, "meter_readings")] == [1100]


def test_a_wrong_password_is_refused_without_being_repeated(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AuthenticationError) as raised:
        run(OpenMaint(installation()), config_folder, monkeypatch, "rooms", password="wrong-password")
    assert "wrong-password" not in str(raised.value)


def test_a_class_that_the_model_does_not_have_is_a_404_that_can_be_left_out(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = installation()
    made.classes = {name: cards for name, cards in made.classes.items() if name != "Contract"}
    with pytest.raises(RequestRefusedError, match=r"fm_openmaint\.contracts.*404"):
        run(OpenMaint(made), config_folder, monkeypatch)
    run(OpenMaint(made), config_folder, monkeypatch, without=["contracts"])


def test_a_service_that_is_starting_up_answers_in_the_shape_of_an_error_and_can_be_asked_later(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = {"success": False, "messages": [{"level": "ERROR", "show_user": True, "message": "Karla Kanarie"}]}
    with pytest.raises(ServerError) as raised:
        run(lambda _: as_json(503, failure), config_folder, monkeypatch, "rooms")
    assert "Kanarie" not in str(raised.value)


def test_success_false_in_an_answer_of_200_is_a_failure(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = OpenMaint(installation())

    def failing(one: Asked) -> Reply:
        return as_json(200, {"success": False, "messages": []}) if one.path.endswith("/cards") else service(one)

    with pytest.raises(RequestRefusedError, match="the request failed"):
        run(failing, config_folder, monkeypatch, "rooms")


def test_a_log_in_without_a_session_says_so(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UnexpectedContentError, match="gave no session"):
        run(lambda _: as_json(200, {"success": True, "data": {}}), config_folder, monkeypatch, "rooms")


def test_an_installation_has_no_official_host(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(config_folder, "0993", fm_openmaint={"connection": "openmaint_0993"})
    monkeypatch.setenv("AIRFLOW_CONN_OPENMAINT_0993", json.dumps({"login": "reader", "password": "k"}))
    with pytest.raises(ConfigError, match="has no host"):
        pull("fm_openmaint", "0993", get_settings())


def test_no_person_is_in_raw_tables_kept_bytes_or_log(
    clean_warehouse: Settings,
    config_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    run(OpenMaint(installation()), config_folder, monkeypatch)
    found = [path.read_bytes().decode() for path in clean_warehouse.home.glob("deliveries/**/*") if path.is_file()]
    for stream in registered()["fm_openmaint"].streams:
        found.append(repr(select(clean_warehouse, f"select * from {RAW}.{stream.name}")))
    everything = "\n".join([*found, caplog.text])
    assert [canary for canary in (*CANARIES, "kkanarie", "openmaint-key") if canary in everything] == []


def test_a_second_pull_of_unchanged_cards_writes_no_rows(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(OpenMaint(installation()), config_folder, monkeypatch)
    assert {one.outcome for one in run(OpenMaint(installation()), config_folder, monkeypatch)} == {"unchanged"}
