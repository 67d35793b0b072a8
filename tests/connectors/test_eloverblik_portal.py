"""The csv export of eloverblik's portal, dropped as readings."""

from __future__ import annotations

from pathlib import Path

from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, select
from warehouse.settings import Settings, get_settings

HEADING = "MålepunktsID;Fra_dato;Til_dato;Mængde;Måleenhed;Kvalitet;Type"
POINT = "571313100000000011"


def line(begin: str, end: str, quantity: str, day: str = "26-10-2025") -> str:
    return f"{POINT};{day} {begin}:00;{day} {end}:00;{quantity};KWH;Målt;Tidsserie"


def land(config: Path, text: str) -> PullResult:
    section = {"folder": "drop", "files": {"readings": "*.csv"}}
    drop(configure(config, eloverblik=section) / "drop", "Meterdata_2025-10.csv", text, encoding="utf-8-sig")
    (result,) = pull("eloverblik", "0992", get_settings())
    return result


def test_local_time_becomes_utc_and_the_hour_that_comes_twice_in_autumn_stays_two_hours(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    lines = [line("01:00", "02:00", "0,11"), line("02:00", "03:00", "0,22"), line("02:00", "03:00", "0,33"),
             line("03:00", "04:00", "1,5")]  # fmt: skip
    result = land(config_folder, "\n".join([HEADING, *lines]))
    assert (result.outcome, result.row_count) == ("landed", 4)
    rows = select(
        clean_warehouse,
        "select metering_point_id, period_start, period_end, quantity, quality, series_type, unit "
        "from raw_eloverblik.readings order by row_no",
    )
    assert [row[1:4] for row in rows] == [
        ("2025-10-25T23:00:00Z", "2025-10-26T00:00:00Z", "0.11"),
        ("2025-10-26T00:00:00Z", "2025-10-26T01:00:00Z", "0.22"),
        ("2025-10-26T01:00:00Z", "2025-10-26T02:00:00Z", "0.33"),
        ("2025-10-26T02:00:00Z", "2025-10-26T03:00:00Z", "1.5"),
    ]
    assert rows[0][0] == POINT and rows[0][4:] == ("Målt", "Tidsserie", "KWH")


def test_the_spring_hour_that_is_left_out_makes_an_hour_of_what_the_clock_shows_as_two(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    land(config_folder, "\n".join([HEADING, line("01:00", "03:00", "0,5", day="30-03-2025")]))
    rows = select(clean_warehouse, "select period_start, period_end from raw_eloverblik.readings")
    assert rows == [("2025-03-30T00:00:00Z", "2025-03-30T01:00:00Z")]


def test_a_file_that_is_no_export_of_the_portal_is_rejected(clean_warehouse: Settings, config_folder: Path) -> None:
    result = land(config_folder, "Måler;Forbrug\n1;2\n")
    assert (result.outcome, result.error_class) == ("rejected", "MissingColumnError")
    assert "MålepunktsID" in (result.reason or "")


def test_a_time_that_is_none_is_rejected_with_its_row_and_field(clean_warehouse: Settings, config_folder: Path) -> None:
    result = land(config_folder, "\n".join([HEADING, line("01:00", "02:00", "1"), line("25:00", "26:00", "1")]))
    assert (result.outcome, result.error_class) == ("rejected", "UnreadableFileError")
    assert "row 2, field Fra_dato" in (result.reason or "")
