"""COBie handover workbooks by their ready-made mapping."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, select
from tests.connectors.workbook import book
from warehouse.settings import Settings, get_settings

FACILITY = [
    ["Name", "CreatedBy", "CreatedOn", "Category", "ProjectName", "SiteName", "LinearUnits", "AreaUnits"],
    [
        "Hal A",
        "xenia@example.invalid",
        "2024-05-25T19:06:43",
        "11-13: Sports",
        1,
        "Prøvehallen",
        "meters",
        "squaremeters",
    ],
]
SPACE = [
    ["Name", "CreatedBy", "Category", "FloorName", "Description", "RoomTag", "GrossArea", "NetArea"],
    ["A101", "xenia@example.invalid", "13-41: Bathroom", "Level 1", "Bad", "n/a", 3.998, 3.998],
    [102, "xenia@example.invalid", "n/a", "Level 1", "N/A", "n/a", "n/a", 0],
]
STREAMS = {
    "properties": {"files": "*.xlsx", "preset": "cobie", "constants": {"tenure": "Ejet"}},
    "buildings": {"files": "*.xlsx", "preset": "cobie", "constants": {"tenure": "Ejet"}},
    "rooms": {"files": "*.xlsx", "preset": "cobie"},
}


def run(config: Path, folder: str = "drop", **streams: Any) -> dict[str, PullResult]:
    configure(config, fm_files={"folder": folder, "streams": streams or STREAMS})
    return {result.stream: result for result in pull("fm_files", "0992", get_settings())}


def test_a_cobie_workbook_is_a_property_a_building_and_its_rooms(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    folder = configure(config_folder) / "drop"
    book(folder, "hal.xlsx", {"Instruction": [["COBie2"]], "Facility": FACILITY, "Space": SPACE})
    assert {result.outcome for result in run(config_folder).values()} == {"landed"}
    assert select(clean_warehouse, "select property_no, name, use, tenure from raw_fm_files.properties") == [
        ("Prøvehallen", "1", "11-13: Sports", "Ejet")
    ]
    assert select(clean_warehouse, "select property_no, building_no, gross_area from raw_fm_files.buildings") == [
        ("Prøvehallen", "Hal A", None)
    ]
    query = "select property_no, building_no, floor, room_no, name, room_type, area, gross_area, area_unit "
    assert select(clean_warehouse, query + "from raw_fm_files.rooms order by row_no") == [
        ("Prøvehallen", "Hal A", "Level 1", "A101", "Bad", "13-41: Bathroom", "3.998", "3.998", "squaremeters"),
        ("Prøvehallen", "Hal A", "Level 1", "102", None, None, "0", None, "squaremeters"),
    ]


def test_who_made_a_cobie_workbook_reaches_no_kept_bytes(clean_warehouse: Settings, config_folder: Path) -> None:
    folder = configure(config_folder) / "drop"
    book(folder, "hal.xlsx", {"Facility": FACILITY, "Space": SPACE})
    run(config_folder)
    kept = [path for path in (clean_warehouse.home / "deliveries").rglob("*_hal.xlsx") if path.is_file()]
    assert kept
    assert not any(b"xenia" in path.read_bytes() for path in kept)


def test_the_municipalitys_own_numbers_come_before_what_the_workbook_says(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    folder = configure(config_folder) / "drop"
    book(folder, "hal.xlsx", {"Facility": FACILITY, "Space": SPACE})
    constants = {"property_no": "0992-17", "building_no": "3"}
    run(config_folder, rooms={**STREAMS["rooms"], "constants": constants})
    assert select(clean_warehouse, "select distinct property_no, building_no from raw_fm_files.rooms") == [
        ("0992-17", "3")
    ]


def test_a_version_of_cobie_without_the_unit_of_areas_is_refused(
    config_folder: Path, clean_warehouse: Settings
) -> None:
    folder = configure(config_folder) / "drop"
    book(folder, "hal.xlsx", {"Facility": [row[:7] for row in FACILITY], "Space": SPACE})
    result = run(config_folder, rooms=STREAMS["rooms"])["rooms"]
    assert result.error_class == "MissingColumnError"
    assert "the sheet 'Facility' lacks 'AreaUnits'" in str(result.reason)


def test_a_workbook_of_two_facilities_is_refused(config_folder: Path, clean_warehouse: Settings) -> None:
    folder = configure(config_folder) / "drop"
    book(folder, "hal.xlsx", {"Facility": [*FACILITY, FACILITY[1]], "Space": SPACE})
    result = run(config_folder, rooms=STREAMS["rooms"])["rooms"]
    assert result.error_class == "UnreadableFileError"


@pytest.mark.skipif(
    "EJENDOMSTAL_SAMPLE_DATA" not in os.environ, reason="EJENDOMSTAL_SAMPLE_DATA does not name the sample files"
)
def test_the_public_cobie_sample_lands(clean_warehouse: Settings, config_folder: Path) -> None:
    streams = {name: {**given, "files": "COBieSampleSheetV1.xlsx"} for name, given in STREAMS.items()}
    results = run(config_folder, "${EJENDOMSTAL_SAMPLE_DATA}/fm", **streams)
    assert {name: (result.outcome, result.row_count) for name, result in results.items()} == {
        "properties": ("landed", 1), "buildings": ("landed", 1), "rooms": ("landed", 22),
    }  # fmt: skip
    assert select(
        clean_warehouse, "select area, gross_area, area_unit from raw_fm_files.rooms where room_no = 'A104'"
    ) == [("3.998", "3.998", "squaremeters")]
