"""The three annual files to Statistics Denmark, by declared profiles. Everything invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, kept_bytes, select
from warehouse.settings import Settings, get_settings

SPECIFICATION = {"files": "regnskab_*.txt", "columns": {
    "Kommune": "municipality_no", "Funktion": "function", "Dranst": "dranst", "Ejer": "ownership",
    "Gruppering": "grouping", "Art": "art", "Beløb": "amount",
}}  # fmt: skip
FIXED = {"files": "steder_*.txt", "form": {"fixed": {
    "municipality_no": [1, 3], "function": [4, 5], "dranst": [9, 1], "ownership": [10, 1], "place_code": [11, 4],
    "grouping": [15, 3], "art": [18, 2], "amount": [20, 8], "name": [28, 30],
}}}  # fmt: skip


def prepare(config: Path, **streams: dict[str, Any]) -> Path:
    folder = configure(config, dst_accounts={"folder": "drop", "streams": streams}) / "drop"
    folder.mkdir(exist_ok=True)
    return folder


def run() -> list[PullResult]:
    return pull("dst_accounts", "0992", get_settings())


def test_the_specification_lands_as_a_delimited_file_whose_window_is_the_year(
    clean_warehouse: Settings, config_folder: Path
) -> None:
    folder = prepare(config_folder, specification=SPECIFICATION)
    heading = "Kommune;Funktion;Dranst;Ejer;Gruppering;Art;Beløb\r\n"
    drop(folder, "regnskab_2024.txt", heading + "992;32201;1;1;001;45;1.234\r\n", encoding="cp1252")
    drop(folder, "regnskab_2024_rettet.txt", heading + "992;32201;1;1;001;45;1.235\r\n", age=1, encoding="cp1252")
    assert [result.outcome for result in run()] == ["landed", "landed"]
    assert select(
        clean_warehouse,
        "select amount, window_from::text, window_to::text from raw_dst_accounts.specification "
        "join ops.current_deliveries using (delivery_id)",
    ) == [("1235", "2024-01-01", "2025-01-01")]


def test_accounts_per_place_land_as_a_fixed_width_file(clean_warehouse: Settings, config_folder: Path) -> None:
    folder = prepare(config_folder, cost_centre_specification=FIXED)
    lines = "9923220111010100145   12345Øvelsesskolen\r\n992525141101020014500000012\r\n"
    drop(folder, "steder_2024.txt", lines, encoding="cp1252")
    assert [result.row_count for result in run()] == [2]
    columns = "function, dranst, ownership, place_code, grouping, art, amount, name"
    assert select(clean_warehouse, f"select {columns} from raw_dst_accounts.cost_centre_specification") == [
        ("32201", "1", "1", "0101", "001", "45", "12345", "Øvelsesskolen"),
        ("52514", "1", "1", "0102", "001", "45", "00000012", None),
    ]


def test_the_balance_of_the_neighbour_is_rejected(clean_warehouse: Settings, config_folder: Path) -> None:
    columns = {"K": "municipality_no", "F": "function", "P": "opening_amount", "U": "closing_amount"}
    folder = prepare(config_folder, balance={"files": "balance_*.txt", "columns": columns})
    drop(folder, "balance_2024.txt", "K;F;P;U\n992;92205;10;-12\n", age=0)
    drop(folder, "balance_2023.txt", "K;F;P;U\n994;92205;10;-12\n", age=1)
    assert {result.file_name: result.error_class for result in run()} == {
        "balance_2024.txt": None, "balance_2023.txt": "WrongMunicipalityError",
    }  # fmt: skip


def test_a_person_number_in_the_name_of_a_place_is_kept_nowhere(
    clean_warehouse: Settings, config_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = prepare(config_folder, cost_centre_specification=FIXED)
    drop(folder, "steder_2024.txt", "992525141101020014500000012Xenia P 010190-1234\r\n", encoding="cp1252")
    assert [result.row_count for result in run()] == [1]
    told = [select(clean_warehouse, f"select * from {table}") for table in
            ("raw_dst_accounts.cost_centre_specification", "ops.deliveries")]  # fmt: skip
    for secret in ("Xenia", "010190-1234"):
        assert secret not in f"{told}{caplog.text}"
        assert secret.encode() not in kept_bytes(clean_warehouse)
