"""EMOData: one answer for a municipality, to one row per label and building."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from connectors.base import registered
from connectors.errors import AuthenticationError, UnexpectedContentError
from connectors.pull import PullResult, pull
from demo.simulators.emodata import BASE, EnergyLabels
from demo.simulators.service import Service
from tests.connectors.drops import configure, select
from tests.connectors.scripted import json_answer, serve
from warehouse.settings import Settings, get_settings


def label(number: str, **more: Any) -> dict[str, Any]:
    return {
        "EnergyLabelSerialIdentifier": number, "BFENumber": 100001, "MunicipalityNumber": 992,
        "PropertyNumber": "004711", "EnergyLabelClassification": "C", "LabelStatusCode": "VALID", "BBRUseCode": "421",
        "YearOfConstruction": "1974", "HeatSupply": "Fjernvarme", "ValidFrom": "2020-05-01T00:00:00",
        "ValidTo": "01-05-2030", "SubmitterConsultantName": "Opdigtet Konsulent", "StreetName": "Prøvevej",
        "HouseNumber": "4", **more,
    }  # fmt: skip


LABELS = [
    label("311000001", BuildingNumbers="1, 2"),
    label("311000002", BuildingNumbers=["3"], ValidTo="/Date(1577833200000+0100)/"),
    label("311000003", BuildingNumbers=None, ValidTo="2019-12-31T00:00:00"),
]


def run(config: Path, monkeypatch: pytest.MonkeyPatch, host: str, password: str = "secret-key") -> list[PullResult]:
    stored = {"host": host, "login": "kommune", "password": password, "extra": {"attempts": 2, "backoff": 0.01}}
    monkeypatch.setenv("AIRFLOW_CONN_EMODATA", json.dumps(stored))
    configure(config, emodata={"connection": "emodata"})
    return pull("emodata", "0992", get_settings())


def test_a_label_of_several_buildings_lands_once_for_each_and_an_old_label_stays(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Service(EnergyLabels({"992": LABELS}, "kommune", "secret-key")) as service:
        (result,) = run(config_folder, monkeypatch, service.address + BASE)
    assert (result.outcome, result.row_count) == ("landed", 4)
    rows = select(
        clean_warehouse,
        "select label_no, building_no, bfe_no, valid_to from raw_emodata.energy_labels order by row_no",
    )
    assert rows == [
        ("311000001", "1", "100001", "01-05-2030"),
        ("311000001", "2", "100001", "01-05-2030"),
        ("311000002", "3", "100001", "/Date(1577833200000+0100)/"),
        ("311000003", "0", "100001", "2019-12-31T00:00:00"),
    ]
    ((kept,),) = select(clean_warehouse, "select stored_path from ops.deliveries")
    assert b"Opdigtet" not in Path(kept).read_bytes()


def test_a_label_of_a_neighbour_municipality_is_stopped_at_the_door(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = {"992": [label("1", BuildingNumbers="1", MunicipalityNumber=101)]}
    with Service(EnergyLabels(labels, "kommune", "secret-key")) as service:
        (result,) = run(config_folder, monkeypatch, service.address + BASE)
    assert (result.outcome, result.error_class) == ("rejected", "WrongMunicipalityError")


def test_a_municipality_without_labels_keeps_what_it_had(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Service(EnergyLabels({"992": LABELS}, "kommune", "secret-key")) as service:
        run(config_folder, monkeypatch, service.address + BASE)
    with Service(EnergyLabels({}, "kommune", "secret-key")) as service:
        (result,) = run(config_folder, monkeypatch, service.address + BASE)
    assert (result.outcome, result.error_class) == ("rejected", "EmptyFileError")
    assert select(clean_warehouse, "select count(*) from ops.current_deliveries") == [(1,)]


def test_a_wrong_password_is_said_without_it(config_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        Service(EnergyLabels({}, "kommune", "secret-key")) as service,
        pytest.raises(AuthenticationError) as caught,
    ):
        run(config_folder, monkeypatch, service.address + BASE, password="old-key")
    assert "old-key" not in str(caught.value)


@pytest.mark.parametrize("content", [{"EnergyLabels": "none"}, {"SearchResults": []}, [], {"EnergyLabels": ["x"]}])
def test_another_answer_than_the_protocol_has_is_refused(
    config_folder: Path, monkeypatch: pytest.MonkeyPatch, content: Any
) -> None:
    with serve(lambda asked, number: json_answer(content)) as server, pytest.raises(UnexpectedContentError):
        run(config_folder, monkeypatch, server.url)


def test_one_call_at_a_time_a_quarter_of_a_second_apart_is_declared() -> None:
    (limit,) = registered()["emodata"].ways[0].limits
    assert (limit.calls, limit.seconds, limit.at_once) == (1, 0.25, 1)
