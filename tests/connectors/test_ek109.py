"""EK109: data sets with columns of their own, to one row per value."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, select
from warehouse.settings import Settings, get_settings

NAME = "Proevekoebing-EK109-20260302T041500.csv"
HEAT = "#Installation;Målernr;Energiart;Aflæst;GældendeFra;Note;1;Energi;1;2;Volumen;1;1;Energi;2;998;Fejlkode;4"
WATER = "#Installation;Målernr;Energiart;Aflæst;GældendeFra;Note;2;Volumen;1"
FILE = f"""{HEAT}
I1;M1;4;2026-03-01T00:00:00;2026-02-01T00:00:00;nøgle hos Opdigtet;1;1234.5;mWh;2;88;m3;1;2.25;mWh;998;0;
I2;M2;4;2026-03-01T00:00:00;;;1;0.000;mWh;2;0;m3;1;0;mWh;998;16;

{WATER}
I3;M3;2;2026-03-01T06:00:00;;;2;512.125;m3
"""


def land(config: Path, text: str | bytes, name: str = NAME) -> PullResult:
    folder = configure(config, ek109={"folder": "drop", "files": {"readings": "*EK109*"}}) / "drop"
    drop(folder, name, text, encoding="utf-8-sig")
    return pull("ek109", "0992", get_settings())[-1]


def values(settings: Settings, columns: str, where: str = "true") -> list[tuple[str, ...]]:
    return select(settings, f"select {columns} from raw_ek109.readings where {where} order by row_no")


def test_each_block_has_its_own_columns_and_the_last_one_is_not_forgotten(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    result = land(config_folder, FILE)
    assert (result.outcome, result.row_count) == ("landed", 9)
    assert values(clean_warehouse, "meter_no, art_code, art_name, type_code, value, unit", "meter_no <> 'M2'") == [
        ("M1", "1", "Energi", "1", "1234.5", "mWh"),
        ("M1", "2", "Volumen", "1", "88", "m3"),
        ("M1", "1", "Energi", "2", "2.25", "mWh"),
        ("M1", "998", "Fejlkode", "4", "0", None),
        ("M3", "2", "Volumen", "1", "512.125", "m3"),
    ]


def test_an_all_zero_line_is_kept_and_marked_whatever_its_fault_code_says(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    land(config_folder, FILE)
    marked = values(clean_warehouse, "meter_no, is_zero_line, line_no")
    assert set(marked) == {("M1", "0", "2"), ("M2", "1", "3"), ("M3", "0", "6")}


def test_the_note_of_a_reading_never_lands_and_is_not_kept(clean_warehouse: Settings, config_folder: Path) -> None:
    land(config_folder, FILE)
    for kept in clean_warehouse.home.rglob("deliveries/**/*.csv"):
        assert b"Opdigtet" not in kept.read_bytes()
    columns = select(
        clean_warehouse, "select column_name from information_schema.columns where table_schema = 'raw_ek109'"
    )
    assert ("note",) not in columns


def test_units_keep_their_case_because_t_is_an_hour_and_capital_t_a_tonne(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    head = "#a;b;c;d;e;f;3;Timer;1;18;Masse;1"
    land(config_folder, f"{head}\nI;M;4;01-03-2026 00:00;;;3;10;t;18;2.5;T\n")
    assert values(clean_warehouse, "art_code, unit") == [("3", "t"), ("18", "T")]


def test_the_same_reading_in_two_files_is_two_deliveries_that_both_count_in_raw(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    land(config_folder, FILE)
    again = land(config_folder, FILE.replace("512.125", "513"), NAME.replace("0302", "0303"))
    assert again.outcome == "landed"
    assert len(select(clean_warehouse, "select 1 from ops.current_deliveries where source = 'ek109'")) == 2


def test_the_same_file_twice_is_one_delivery(clean_warehouse: Settings, config_folder: Path) -> None:
    land(config_folder, FILE)
    assert land(config_folder, FILE).outcome == "unchanged"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("I1;M1;4;2026-03-01;;;1;5;mWh\n", "row 1: no line with # opens"),
        (f"{WATER}\nI3;M3;2;2026-03-01;;;1;5;mWh\n", "row 2: a value is of another art"),
        (f"{WATER}\nI3;M3;2;2026-03-01;;;2;5\n", "row 2: 8 fields, expected 6 and then triples"),
        (f"{WATER}\nI3;M3;2;2026-03-01;;;2;5;m3;2;5;m3\n", "row 2: 2 values where its data set has 1"),
        (f"{WATER}\nI3;M3;2;1. marts 2026;;;2;5;m3\n", "row 2: a time in none of the known forms"),
    ],
    ids=["no block", "another art", "half a triple", "too many", "no time"],
)
def test_a_file_of_another_form_is_rejected_with_its_line(
    clean_warehouse: Settings, config_folder: Path, text: str, reason: str
) -> None:
    result = land(config_folder, text)
    assert (result.outcome, result.error_class) == ("rejected", "UnreadableFileError")
    assert reason in (result.reason or "")


def test_a_decimal_comma_is_no_number_here(clean_warehouse: Settings, config_folder: Path) -> None:
    result = land(config_folder, f"{WATER}\nI3;M3;2;2026-03-01;;;2;5,5;m3\n")
    assert (result.outcome, result.error_class) == ("rejected", "MalformedRowsError")


def test_bytes_of_another_encoding_are_rejected(clean_warehouse: Settings, config_folder: Path) -> None:
    result = land(config_folder, FILE.encode("cp1252"))
    assert (result.outcome, result.error_class) == ("rejected", "EncodingError")
