"""Staging of eloverblik: energy in kWh, Danish days, quality, both ways that readings come in."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.pull import pull
from demo.simulators.eloverblik import Eloverblik
from demo.simulators.eloverblik_series import Meter
from tests.connectors.drops import configure, drop
from tests.connectors.eloverblik_world import HALL, METERS, SCHOOL, SOLAR, run, serving
from tests.staging.staged import Rows, stage
from warehouse.settings import Settings, get_settings

YARD = "571313100000000097"
EXPORT = f"""MålepunktsID;Fra_dato;Til_dato;Mængde;Måleenhed;Kvalitet;Type
{YARD};25-10-2025 23:00:00;26-10-2025 00:00:00;1.000,5;KWH;Målt;Tidsserie
{YARD};26-10-2025 02:00:00;26-10-2025 03:00:00;0,25;KWH;Målt;Tidsserie
{YARD};26-10-2025 02:00:00;26-10-2025 03:00:00;0,75;KWH;Målt;Tidsserie
"""


def test_readings_come_in_kwh_by_danish_day_and_metering_points_with_their_children(
    clean_warehouse: Settings, config_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missing = Meter("571313100000000059", "1", qualities={date(2026, 3, 29): "A02", date(2026, 3, 30): "A03"})
    service = Eloverblik("refresh-key", (*METERS, missing), date(2026, 4, 1))
    with serving(service, monkeypatch):
        run(config_folder, first_year=2026, aggregation="Hour")
    service = Eloverblik("refresh-key", METERS[:1], date(2026, 4, 1))
    with serving(service, monkeypatch):
        run(config_folder, "0991", first_year=2026, aggregation="Day")
    folder = configure(config_folder, "0993", eloverblik={"folder": "drop", "files": {"readings": "*.csv"}})
    drop(folder / "drop", "Meterdata_2025-10.csv", EXPORT.replace("1.000,5", "1000,5"), encoding="utf-8-sig")
    pull("eloverblik", "0993", get_settings())
    tables = stage(clean_warehouse, tmp_path, "eloverblik")

    readings = tables["stg_eloverblik__readings"]
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

    judged = _of(readings, "0992", missing.metering_point_id)
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
    assert {row["year"] for row in readings} == {2025, 2026}

    points = {row["metering_point_id"]: row for row in tables["stg_eloverblik__metering_points"]
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
