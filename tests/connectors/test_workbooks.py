"""Workbooks by file drop: which sheet, which rows, and cells as text."""

from __future__ import annotations

import time as clock
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from connectors.pull import PullResult, pull
from tests.connectors.drops import configure, drop, select
from tests.connectors.workbook import book
from warehouse.settings import Settings, get_settings

LEASES = {
    "files": "*.xlsx",
    "columns": {"Lejemålsnr.": "lease_no", "Areal": "area", "Årlig leje": "annual_rent", "Fra": "valid_from",
                "Til": "valid_to", "Rolle": "role"},
}  # fmt: skip
HEADING = ["Lejemålsnr.", "Areal", "Årlig leje", "Fra", "Til", "Rolle"]
LEASE = ["L-1", 120.5, 96000, date(2020, 1, 1), date(9999, 12, 31), "Lejet"]


@pytest.fixture
def folder(clean_warehouse: Settings, config_folder: Path) -> Path:
    return configure(config_folder, fm_files={"folder": "drop", "streams": {"leases": LEASES}}) / "drop"


def profile(folder: Path, **more: Any) -> None:
    streams = {"leases": {**LEASES, **more}}
    configure(folder.parents[2], fm_files={"folder": "drop", "streams": streams})


def run() -> list[PullResult]:
    return pull("fm_files", "0992", get_settings())


def one() -> PullResult:
    (result,) = run()
    return result


def landed(settings: Settings, columns: str = "*") -> list[tuple[Any, ...]]:
    return select(settings, f"select {columns} from raw_fm_files.leases order by delivery_id, row_no")


def warnings(settings: Settings) -> str:
    return str(select(settings, "select string_agg(warnings::text, ' ') from ops.deliveries")[0][0])


def test_cells_land_as_the_text_that_a_person_would_have_typed(clean_warehouse: Settings, folder: Path) -> None:
    rows = [HEADING, LEASE, [2, "1.250,5", 0.1 + 0.2, datetime(2021, 3, 1, 10, 15), "31-12-2025", True]]
    book(folder, "lejemaal.xlsx", {"Ark1": rows})
    assert one().outcome == "landed"
    assert landed(clean_warehouse, "lease_no, area, annual_rent, valid_from, valid_to, role") == [
        ("L-1", "120,5", "96000", "2020-01-01", "9999-12-31", "Lejet"),
        ("2", "1.250,5", "0,3", "2021-03-01", "31-12-2025", "true"),
    ]


def test_excel_serial_dates_are_read_in_columns_declared_as_dates(clean_warehouse: Settings, folder: Path) -> None:
    book(folder, "a.xlsx", {"Ark1": [HEADING, ["L-1", 45352, 45352, 45352, 2958465, "Lejet"]]})
    assert one().outcome == "landed"
    assert landed(clean_warehouse, "area, annual_rent, valid_from, valid_to") == [
        ("45352", "45352", "2024-03-01", "9999-12-31")
    ]


def test_a_date_typed_as_a_whole_number_is_not_taken_for_a_serial_date(clean_warehouse: Settings, folder: Path) -> None:
    profile(folder, date_formats=["%Y%m"])
    book(folder, "a.xlsx", {"Ark1": [HEADING, ["L-1", 1, 1, 202403, 45352, "Lejet"]]})
    run()
    assert landed(clean_warehouse, "valid_from, valid_to") == [("202403", "2024-03-01")]


def test_title_rows_above_the_heading_are_passed_over(clean_warehouse: Settings, folder: Path) -> None:
    rows = [["Lejemål i Prøvekøbing"], ["Udskrevet", date(2026, 1, 5)], [], ["", "Areal"], HEADING, LEASE]
    book(folder, "a.xlsx", {"Ark1": rows})
    assert one().outcome == "landed"
    assert landed(clean_warehouse, "lease_no") == [("L-1",)]


def test_a_heading_row_that_is_named_is_taken(clean_warehouse: Settings, folder: Path) -> None:
    profile(folder, header_row=3)
    book(folder, "a.xlsx", {"Ark1": [HEADING, LEASE, HEADING, ["L-3", *LEASE[1:]]]})
    run()
    assert landed(clean_warehouse, "lease_no") == [("L-3",)]


def test_a_total_row_at_the_end_is_left_out_with_a_warning_that_names_its_row_only(
    clean_warehouse: Settings, folder: Path
) -> None:
    rows = [["Lejemål"], HEADING, LEASE, [], ["I alt", 120.5, 777777], ["", "", "Kilde: 888888"]]
    book(folder, "a.xlsx", {"Ark1": rows})
    assert one().row_count == 1
    noted = warnings(clean_warehouse)
    assert "row 5, at the end" in noted
    assert "row 6, at the end" in noted
    assert "777777" not in noted
    assert "888888" not in noted


def test_a_row_without_a_key_in_the_middle_is_no_total(clean_warehouse: Settings, folder: Path) -> None:
    profile(folder, max_rejected_share=0.5)
    book(folder, "a.xlsx", {"Ark1": [HEADING, LEASE, ["", 5, 5], ["L-2", *LEASE[1:]]]})
    assert (one().row_count, one().outcome) == (2, "unchanged")
    assert select(clean_warehouse, "select row_no, field from raw_fm_files.rejected_rows") == [(2, "lease_no")]


def test_merged_cells_are_filled_down_only_where_declared(clean_warehouse: Settings, folder: Path) -> None:
    rows = [HEADING, LEASE, ["L-2", 10, 10, "", "", ""], ["L-3", 10, 10, "", "", "Udlejet"]]
    book(folder, "a.xlsx", {"Ark1": rows}, merged=["F2:F3", "D2:D4"])
    profile(folder, fill_down=["role"])
    assert one().outcome == "landed"
    assert landed(clean_warehouse, "lease_no, role, valid_from") == [
        ("L-1", "Lejet", "2020-01-01"), ("L-2", "Lejet", None), ("L-3", "Udlejet", None),
    ]  # fmt: skip
    assert "field valid_from: its cells in rows 2 to 4 are merged" in warnings(clean_warehouse)


def test_the_first_sheet_that_is_not_hidden_is_read(clean_warehouse: Settings, folder: Path) -> None:
    book(folder, "a.xlsx", {"Gammel": [HEADING, ["old", *LEASE[1:]]], "Data": [HEADING, LEASE]}, hidden=["Gammel"])
    run()
    assert landed(clean_warehouse, "lease_no") == [("L-1",)]


def test_a_sheet_is_found_by_its_folded_name(clean_warehouse: Settings, folder: Path) -> None:
    profile(folder, sheet="lejemaal")
    book(folder, "a.xlsx", {"Vejledning": [["Udfyld arket"]], "Lejemål": [HEADING, LEASE]})
    assert one().row_count == 1


def test_a_sheet_that_is_not_there_is_refused_with_the_nearest_one(folder: Path) -> None:
    profile(folder, sheet="Lejemål 2025")
    book(folder, "a.xlsx", {"Vejledning": [["x"]], "Lejemål 2026": [HEADING, LEASE]})
    result = one()
    assert result.error_class == "UnreadableFileError"
    assert "'Lejemål 2026'" in str(result.reason)


def test_a_sheet_without_the_heading_is_refused_and_the_other_sheets_are_named(folder: Path) -> None:
    book(folder, "a.xlsx", {"Vejledning": [["Hemmelig Person"]], "Lejemål": [HEADING, LEASE]})
    result = one()
    assert result.error_class == "MissingColumnError"
    assert "other sheets are 'Lejemål'" in str(result.reason)
    assert "Hemmelig" not in str(result.reason)


def test_a_cell_whose_formula_failed_is_empty(clean_warehouse: Settings, folder: Path) -> None:
    book(folder, "a.xlsx", {"Ark1": [HEADING, ["L-1", ZeroDivisionError(), 1, LEASE[3], LEASE[4], "Lejet"]]})
    run()
    assert landed(clean_warehouse, "area, annual_rent") == [(None, "1")]


def test_several_numbers_in_one_cell_are_rejected_by_row(clean_warehouse: Settings, folder: Path) -> None:
    profile(folder, max_rejected_share=0.5)
    book(folder, "a.xlsx", {"Ark1": [HEADING, LEASE, ["L-2", "120; 80", *LEASE[2:]], ["L-3", "5\n6", *LEASE[2:]],
                                     ["L-4", *LEASE[1:]], ["L-5", *LEASE[1:]]]})  # fmt: skip
    assert one().row_count == 3
    assert select(clean_warehouse, "select row_no, field, reason from raw_fm_files.rejected_rows order by 1") == [
        (2, "area", "the value is no number as declared"), (3, "area", "the value is no number as declared"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "error_class"),
    [(b"", "EmptyFileError"), (b"PK\x03\x04cut short", "UnreadableFileError"), (b"a;b\n1;2\n", "UnreadableFileError")],
    ids=["empty", "cut short", "csv under another name"],
)
def test_what_is_no_workbook_is_refused(folder: Path, content: bytes, error_class: str) -> None:
    drop(folder, "a.xlsx", content)
    result = one()
    assert (result.outcome, result.error_class) == ("rejected", error_class)
    assert run()[0].outcome == "still_rejected"


def test_a_sheet_with_a_heading_only_is_an_empty_file(folder: Path) -> None:
    book(folder, "a.xlsx", {"Ark1": [["Lejemål"], HEADING, ["I alt", 0, 0]]})
    assert one().error_class == "EmptyFileError"


def test_a_workbook_that_unfolds_too_far_is_refused(folder: Path) -> None:
    folder.mkdir()
    with zipfile.ZipFile(folder / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    assert one().error_class == "ArchiveTooLargeError"


def test_a_workbook_that_somebody_has_open_leaves_no_second_file(folder: Path) -> None:
    book(folder, "a.xlsx", {"Ark1": [HEADING, LEASE]})
    drop(folder, "~$a.xlsx", b"lock")
    assert [result.file_name for result in run()] == ["a.xlsx"]


def test_the_same_workbook_twice_changes_nothing(clean_warehouse: Settings, folder: Path) -> None:
    book(folder, "a.xlsx", {"Ark1": [HEADING, LEASE]})
    assert [one().outcome, one().outcome] == ["landed", "unchanged"]
    assert select(clean_warehouse, "select count(*) from ops.deliveries") == [(1,)]


def test_the_same_rows_as_csv_and_as_workbook_are_the_same_rows(clean_warehouse: Settings, folder: Path) -> None:
    profile(folder, files="a.*")
    book(folder, "a.xlsx", {"Ark1": [HEADING, LEASE]})
    drop(folder, "a.csv", ";".join(HEADING) + "\nL-1;120,5;96000;01-01-2020;31-12-9999;Lejet\n", age=1)
    assert [result.outcome for result in run()] == ["landed", "landed"]
    first, second = landed(clean_warehouse, "lease_no, area, annual_rent, role")
    assert first == second


def test_a_column_of_persons_in_a_workbook_reaches_neither_rows_nor_kept_bytes(
    clean_warehouse: Settings, folder: Path
) -> None:
    book(folder, "a.xlsx", {"Ark1": [[*HEADING, "Udlejer"], [*LEASE, "Xenia Privatperson"]]})
    assert one().outcome == "landed"
    assert "not known and left out: 'Udlejer'" in warnings(clean_warehouse)
    kept = [path for path in (clean_warehouse.home / "deliveries").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"Privatperson" in path.read_bytes() or path.read_bytes()[:2] == b"PK" for path in kept)


@pytest.mark.parametrize(
    ("source", "stream", "heading", "row", "name"),
    [
        ("energy", "readings", ["meter_no", "period", "quantity", "unit"], ["M1", date(2024, 1, 1), 12.5, "kWh"],
         "a_2024.xlsx"),
        ("enrolment", "pupils", ["institution_no", "count_date", "pupils"], [101, date(2024, 9, 5), 240], "a.xlsx"),
        ("ledger_prisme", "cost_centres", ["carrier", "name"], [1001, "Skolen"], "a.xlsx"),
    ],
)  # fmt: skip
def test_every_file_drop_takes_workbooks(
    clean_warehouse: Settings,
    config_folder: Path,
    source: str,
    stream: str,
    heading: list[Any],
    row: list[Any],
    name: str,
) -> None:
    section = {"folder": "drop", "streams": {stream: {"files": "*.xlsx"}}}
    folder = configure(config_folder, **{source: section}) / "drop"
    book(folder, name, {"Ark1": [["Titel"], heading, row]})
    (result,) = pull(source, "0992", get_settings())
    assert (result.outcome, result.row_count) == ("landed", 1)


def test_opening_times_are_cells_of_time(clean_warehouse: Settings, config_folder: Path) -> None:
    section = {"folder": "drop", "streams": {"opening_hours": {"files": "*.xlsx", "split": {"weekday": ",;"}}}}
    folder = configure(config_folder, fm_files=section) / "drop"
    book(folder, "a.xlsx", {"Ark1": [["property_no", "weekday", "opens", "closes"],
                                     ["P1", "mandag, onsdag", time(8, 30), "16.00"]]})  # fmt: skip
    run()
    assert select(clean_warehouse, "select weekday, opens, closes from raw_fm_files.opening_hours order by row_no") == [
        ("mandag", "08:30", "16.00"), ("onsdag", "08:30", "16.00"),
    ]  # fmt: skip


def test_ten_thousand_rows_of_a_workbook_land_within_seconds(folder: Path) -> None:
    book(folder, "a.xlsx", {"Ark1": [HEADING, *([f"L-{n}", *LEASE[1:]] for n in range(10_000))]})
    started = clock.monotonic()
    assert one().row_count == 10_000
    assert clock.monotonic() - started < 10
