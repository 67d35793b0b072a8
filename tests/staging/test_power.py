"""Staging of meters and labels: energy in kWh, Danish days, quality, units, three forms of one date."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.pull import pull
from demo.simulators.eloverblik import Eloverblik
from demo.simulators.eloverblik_series import Meter
from demo.simulators.emodata import BASE, EnergyLabels
from demo.simulators.service import Service
from tests.connectors.drops import configure, drop
from tests.connectors.eloverblik_world import HALL, METERS, SCHOOL, SOLAR, run, serving
from tests.staging.staged import Rows, stage
from warehouse.settings import Settings, get_settings

MISSING = Meter("571313100000000059", "1", qualities={date(2026, 3, 29): "A02", date(2026, 3, 30): "A03"})
YARD = "571313100000000097"
EXPORT = f"""MålepunktsID;Fra_dato;Til_dato;Mængde;Måleenhed;Kvalitet;Type
{YARD};25-10-2025 23:00:00;26-10-2025 00:00:00;1.000,5;KWH;Målt;Tidsserie
{YARD};26-10-2025 02:00:00;26-10-2025 03:00:00;0,25;KWH;Målt;Tidsserie
{YARD};26-10-2025 02:00:00;26-10-2025 03:00:00;0,75;KWH;Målt;Tidsserie
"""


ODD = """metering_point_id;series_type;period_start;period_end;position;quantity;unit
1;own;2025-02-28T10:00:00Z;2025-02-28T11:00:00Z;1;1,5;MWH
1;own;2025-02-29T10:00:00Z;i morgen;1;2;kWh
1;own;2025-02-27T25:00:00Z;;1;2;Wh
"""

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
    return {"EnergyLabelSerialIdentifier": number, "BFENumber": 100001, "MunicipalityNumber": 994,
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
    _deliver_electricity(config_folder, monkeypatch)
    _deliver_heat_and_labels(config_folder, monkeypatch)
    tables = stage(clean_warehouse, tmp_path, "eloverblik", "ek109", "emodata")
    _check_readings(tables["stg_eloverblik__readings"])
    _check_odd(tables["stg_eloverblik__readings"])
    _check_points(tables["stg_eloverblik__metering_points"])
    _check_meters(tables["stg_ek109__readings"])
    _check_labels(tables["stg_emodata__energy_labels"])


def _deliver_electricity(config_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Eloverblik("refresh-key", (*METERS, MISSING), date(2026, 4, 1))
    with serving(service, monkeypatch):
        run(config_folder, first_year=2026, aggregation="Hour")
    service = Eloverblik("refresh-key", METERS[:1], date(2026, 4, 1))
    with serving(service, monkeypatch):
        run(config_folder, "0991", first_year=2026, aggregation="Day")
    folder = configure(config_folder, "0993", eloverblik={"folder": "drop", "files": {"readings": "*.csv"}})
    drop(folder / "drop", "Meterdata_2025-10.csv", EXPORT.replace("1.000,5", "1000,5"), encoding="utf-8-sig")
    pull("eloverblik", "0993", get_settings())
    # another export than the portal's, mapped by the municipality: nothing has looked at its times
    mapped = {"files": "*.csv", "columns": {name: name for name in ODD.splitlines()[0].split(";")}}
    folder = configure(config_folder, "0995", eloverblik={"folder": "drop", "streams": {"readings": mapped}})
    drop(folder / "drop", "own_2025-02.csv", ODD)
    pull("eloverblik", "0995", get_settings())


def _deliver_heat_and_labels(config_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section = {"folder": "drop", "files": {"readings": "*EK109*.csv"}}
    folder = configure(config_folder, "0994", ek109=section, emodata={"connection": "emodata"})
    drop(folder / "drop", "By-EK109-20260302T041500.csv", HEAT)
    drop(folder / "drop", "By-EK109-20260303T041500.csv", CORRECTED)
    pull("ek109", "0994", get_settings())
    with Service(EnergyLabels({"994": LABELS}, "kommune", "secret-key")) as service:
        stored = {"host": service.address + BASE, "login": "kommune", "password": "secret-key"}
        monkeypatch.setenv("AIRFLOW_CONN_EMODATA", json.dumps(stored))
        pull("emodata", "0994", get_settings())


def _check_readings(readings: Rows) -> None:
    hours = _of(readings, "0992", SCHOOL)
    assert len(hours) == 90 * 24 - 1
    assert {row["resolution"] for row in hours} == {"PT1H"}
    assert sum(row["quantity_kwh"] for row in hours if row["local_month"] == date(2026, 3, 1)) == 743
    spring = [row for row in hours if row["local_date"] == date(2026, 3, 29)]
    assert len(spring) == 23
    assert (spring[0]["start_at"], spring[0]["end_at"]) == (datetime(2026, 3, 28, 23), datetime(2026, 3, 29, 0))
    assert (spring[-1]["start_at"], spring[-1]["end_at"]) == (datetime(2026, 3, 29, 21), datetime(2026, 3, 29, 22))

    kinds = {row["business_type_code"]: row["quantity_kwh"] for row in _of(readings, "0992", HALL)}
    assert kinds == {"A04": 2, "A01": Decimal("0.5")}

    judged = _of(readings, "0992", MISSING.metering_point_id)
    assert [row["quantity_kwh"] for row in judged if row["is_missing"]] == [None] * 23
    assert sum(row["is_uncertain"] for row in judged) == 24
    assert sum(row["quantity_kwh"] or 0 for row in judged) == 90 * 24 - 1 - 23

    days = _of(readings, "0991", SCHOOL)
    assert {row["resolution"] for row in days} == {"P1D"}  # the service writes PT1D
    assert [row["quantity_kwh"] for row in days if row["local_date"] == date(2026, 3, 29)] == [23]
    assert days[0]["end_at"] == datetime(2026, 1, 1, 23)

    assert [
        (row["local_date"], row["start_at"], row["quantity_kwh"], row["quality_code"], row["business_type_code"])
        for row in _of(readings, "0993", YARD)
    ] == [
        (date(2025, 10, 25), datetime(2025, 10, 25, 21), Decimal("1000.5"), "A04", None),
        (date(2025, 10, 26), datetime(2025, 10, 26, 0), Decimal("0.25"), "A04", None),
        (date(2025, 10, 26), datetime(2025, 10, 26, 1), Decimal("0.75"), "A04", None),
    ]
    assert {row["year"] for row in readings} == {2025, 2026, None}


def _check_odd(readings: Rows) -> None:
    odd = [row for row in readings if row["municipality_code"] == "0995"]
    found = [
        (row["start_at"], row["end_at"], row["quantity_kwh"]) for row in sorted(odd, key=lambda row: row["row_no"])
    ]
    assert found == [
        (datetime(2025, 2, 28, 10), datetime(2025, 2, 28, 11), 1500), (None, None, 2), (None, None, Decimal("0.002")),
    ]  # fmt: skip


def _check_points(rows: Rows) -> None:
    points = {row["metering_point_id"]: row for row in rows
              if row["municipality_code"] == "0992"}  # fmt: skip
    assert {one: (row["is_child"], row["has_children"], row["parent_metering_point_id"]) for one, row in points.items()
            if one in (SCHOOL, HALL, SOLAR)} == {
        SCHOOL: (False, False, None), HALL: (False, True, None), SOLAR: (True, False, HALL),
    }  # fmt: skip
    school = points[SCHOOL]
    assert (school["street_name"], school["house_no"], school["postcode"]) == ("Prøvevej", "4", "9999")
    assert (school["located_municipality_code"], school["has_relation"]) == ("0992", True)


def _of(readings: Rows, municipality: str, point: str) -> Rows:
    found = [row for row in readings if row["municipality_code"] == municipality and row["metering_point_id"] == point]
    return sorted(found, key=lambda row: row["start_at"])


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
