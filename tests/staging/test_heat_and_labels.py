"""Staging of EK109 and EMOData: units, counters apart from consumption, three forms of one date."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.pull import pull
from demo.simulators.emodata import BASE, EnergyLabels
from demo.simulators.service import Service
from tests.connectors.drops import configure, drop
from tests.staging.staged import Rows, stage
from warehouse.settings import Settings, get_settings

HEAT = """#a;b;c;d;e;f;1;Energi;1;1;Energi;2;3;Timer;1;201;Faktor;10;998;Fejlkode;4
I1;M1;4;2026-03-01T00:00:00;2026-02-01T00:00:00;;1;1234.5;mWh;1;7.2;GJ;3;100;t;201;39.6;kj/m3;998;4;
I2;M2;4;01-03-2026 06:30;;;1;0.000;mWh;1;0;GJ;3;0;t;201;39.6;kj/m3;998;16;
#a;b;c;d;e;f;2;Volumen;1;18;Masse;1;4;Frem;3
I3;M3;2;20260301T060000;;;2;500;l;18;2.5;T;4;61.5;°C
"""
CORRECTED = """#a;b;c;d;e;f;2;Volumen;1
I3;M3;2;20260301T060000;;;2;510;l
"""


def label(number: str, valid_to: str, **more: object) -> dict[str, object]:
    return {"EnergyLabelSerialIdentifier": number, "BFENumber": 100001, "MunicipalityNumber": 992,
            "BuildingNumbers": "001, 2", "EnergyLabelClassification": "c", "ValidTo": valid_to,
            "YearOfConstruction": "1974", **more}  # fmt: skip


LABELS = [
    label("1", "31-12-2019"),
    label("2", "2029-12-31T00:00:00"),
    label("3", "/Date(1893366000000+0100)/"),
    label("4", "/Date(1909519200000+0200)/", BuildingNumbers=None),
    label("5", "31-02-2029", BuildingNumbers="7"),
    label("6", "soon", BuildingNumbers="7"),
]


def test_meters_and_labels_are_typed(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    section = {"folder": "drop", "files": {"readings": "*EK109*.csv"}}
    folder = configure(config_folder, ek109=section, emodata={"connection": "emodata"})
    drop(folder / "drop", "By-EK109-20260302T041500.csv", HEAT)
    drop(folder / "drop", "By-EK109-20260303T041500.csv", CORRECTED)
    pull("ek109", "0992", get_settings())
    with Service(EnergyLabels({"992": LABELS}, "kommune", "secret-key")) as service:
        stored = {"host": service.address + BASE, "login": "kommune", "password": "secret-key"}
        monkeypatch.setenv("AIRFLOW_CONN_EMODATA", json.dumps(stored))
        pull("emodata", "0992", get_settings())
    tables = stage(clean_warehouse, tmp_path, "ek109", "emodata")
    _check_meters(tables["stg_ek109__readings"])
    _check_labels(tables["stg_emodata__energy_labels"])


def _check_meters(rows: Rows) -> None:
    assert len(rows) == 13
    first = {(row["art_code"], row["type_code"]): row for row in rows if row["meter_no"] == "M1"}
    counter, used, hours = first["1", "1"], first["1", "2"], first["3", "1"]
    assert (counter["counter_kwh"], counter["consumption_kwh"], counter["carrier"]) == (
        Decimal(1_234_500), None, "district_heating",
    )  # fmt: skip
    assert (used["counter_kwh"], round(used["consumption_kwh"], 6)) == (None, 2000)
    assert (used["valid_from_at"], used["read_at"]) == (datetime(2026, 2, 1), datetime(2026, 3, 1))
    assert (hours["unit"], hours["counter_kwh"], hours["counter_m3"]) == ("hour", None, None)
    assert (first["201", "10"]["factor"], first["201", "10"]["reading_kind"]) == (Decimal("39.6"), "factor")
    assert (first["998", "4"]["is_notice"], counter["is_notice"], counter["is_failed"]) == (True, False, False)

    failed = [row for row in rows if row["meter_no"] == "M2"]
    assert [row["is_failed"] for row in failed] == [True] * 5
    assert [row["counter_kwh"] for row in failed] == [None] * 5
    assert failed[0]["read_at"] == datetime(2026, 3, 1, 6, 30)

    water = {row["art_code"]: row for row in rows if row["meter_no"] == "M3"}
    assert (water["2"]["counter_m3"], water["2"]["read_at"]) == (Decimal("0.51"), datetime(2026, 3, 1, 6))
    assert (water["18"]["unit"], water["18"]["counter_m3"]) == ("tonne", None)
    assert water["4"]["reading_kind"] == "momentary"


def _check_labels(rows: Rows) -> None:
    found = {(row["label_no"], row["building_no"]): row["valid_to"] for row in rows}
    assert found == {
        ("1", "1"): date(2019, 12, 31), ("1", "2"): date(2019, 12, 31),  # its time is over; it stays
        ("2", "1"): date(2029, 12, 31), ("2", "2"): date(2029, 12, 31),
        ("3", "1"): date(2029, 12, 31), ("3", "2"): date(2029, 12, 31),
        ("4", "0"): date(2030, 7, 6),
        ("5", "7"): None,
        ("6", "7"): None,
    }  # fmt: skip
    assert {(row["label"], row["bfe_no"], row["built_year"]) for row in rows} == {("C", "100001", 1974)}
